package org.careloop.transitions;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import org.careloop.testkit.ServiceShapeRules;

@AnalyzeClasses(packages = "org.careloop.transitions", importOptions = ServiceShapeRules.MainCode.class)
class TransitionsArchTest {

    @ArchTest
    static final ArchTests SHAPE = ArchTests.in(ServiceShapeRules.class);
}
