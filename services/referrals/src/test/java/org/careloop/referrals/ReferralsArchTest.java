package org.careloop.referrals;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import org.careloop.testkit.ServiceShapeRules;

@AnalyzeClasses(packages = "org.careloop.referrals", importOptions = ServiceShapeRules.MainCode.class)
class ReferralsArchTest {

    @ArchTest
    static final ArchTests SHAPE = ArchTests.in(ServiceShapeRules.class);
}
