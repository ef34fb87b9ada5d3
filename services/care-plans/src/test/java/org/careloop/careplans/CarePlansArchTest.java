package org.careloop.careplans;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import org.careloop.testkit.ServiceShapeRules;

@AnalyzeClasses(packages = "org.careloop.careplans", importOptions = ServiceShapeRules.MainCode.class)
class CarePlansArchTest {

    @ArchTest
    static final ArchTests SHAPE = ArchTests.in(ServiceShapeRules.class);
}
