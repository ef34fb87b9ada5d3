package org.careloop.patients;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import org.careloop.testkit.ServiceShapeRules;

/** The kernel has no service of its own; this is the plainest one that has all of it on its class path. */
@AnalyzeClasses(packages = "org.careloop", importOptions = ServiceShapeRules.MainCode.class)
class KernelArchTest {

    @ArchTest
    static final ArchTests SHAPE = ArchTests.in(ServiceShapeRules.class);
}
