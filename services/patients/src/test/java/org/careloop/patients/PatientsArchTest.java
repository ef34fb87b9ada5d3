package org.careloop.patients;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import org.careloop.testkit.ServiceShapeRules;

@AnalyzeClasses(packages = "org.careloop.patients", importOptions = ServiceShapeRules.MainCode.class)
class PatientsArchTest {

    @ArchTest
    static final ArchTests SHAPE = ArchTests.in(ServiceShapeRules.class);
}
