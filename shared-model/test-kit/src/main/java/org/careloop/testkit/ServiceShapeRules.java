package org.careloop.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/**
 * The rules that keep services of one shape and the kernel free of domain knowledge. A service's {@code ArchTest} includes
 * them with {@code ArchTests.in(ServiceShapeRules.class)}.
 *
 * @see <a href="https://www.archunit.org/userguide/html/000_Index.html#_junit_support">ArchUnit with JUnit</a>
 */
public final class ServiceShapeRules {

    private static final String ROOT = "org.careloop.";

    private static final String[] KERNEL = {
        ROOT + "fhirmodel..",
        ROOT + "fhirsearch..",
        ROOT + "fhirstore..",
        ROOT + "fhirrest..",
        ROOT + "eventflow..",
        ROOT + "platformhttp..",
        ROOT + "calleraccess..",
        ROOT + "audittrail.."
    };

    private static final String[] SERVICES = {
        ROOT + "patients..", ROOT + "careplans..", ROOT + "referrals..", ROOT + "transitions..", ROOT + "gateway.."
    };

    private static final Set<String> DOMAIN_TYPES =
            Set.of("CarePlan", "ServiceRequest", "Task", "Patient", "Encounter");

    /** Domain knowledge stays in services: the kernel names none of the types that they are about. */
    @ArchTest
    public static final ArchRule KERNEL_KNOWS_NO_DOMAIN_TYPE = noClasses()
            .that()
            .resideInAnyPackage(KERNEL)
            .should()
            .dependOnClassesThat(describe(
                    "are FHIR types of the domain",
                    type -> type.getPackageName().equals("org.hl7.fhir.r4.model")
                            && DOMAIN_TYPES.contains(outermost(type))))
            .allowEmptyShould(true);

    /** The kernel does not know who uses it. */
    @ArchTest
    public static final ArchRule KERNEL_KNOWS_NO_SERVICE = noClasses()
            .that()
            .resideInAnyPackage(KERNEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVICES)
            .allowEmptyShould(true);

    /** Services talk by HTTP and events, never by classes. */
    @ArchTest
    public static final ArchRule NO_SERVICE_DEPENDS_ON_ANOTHER = slices().matching(
                    ROOT + "(patients|careplans|referrals|transitions|gateway)..")
            .should()
            .notDependOnEachOther()
            .allowEmptyShould(true);

    /** What is internal to a module is nobody else's business. */
    @ArchTest
    public static final ArchRule SERVICES_TOUCH_NOTHING_INTERNAL = noClasses()
            .that()
            .resideInAnyPackage(SERVICES)
            .should()
            .dependOnClassesThat(resideInAPackage("org.careloop..internal..")
                    .and(DescribedPredicate.not(resideInAnyPackage(SERVICES))))
            .allowEmptyShould(true);

    /** Rules of the domain are plain Java and FHIR types, so that a test runs them in microseconds. */
    @ArchTest
    public static final ArchRule DOMAIN_USES_NO_FRAMEWORK = noClasses()
            .that()
            .resideInAPackage("org.careloop..domain..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta..", "io.quarkus..", "io.smallrye..", "io.vertx..", "org.hibernate..")
            .allowEmptyShould(true);

    /** Such packages become dumping grounds. */
    @ArchTest
    public static final ArchRule NO_DUMPING_GROUND_PACKAGES = noClasses()
            .should()
            .resideInAnyPackage(
                    "..common..", "..util..", "..utils..", "..helper..", "..misc..", "..shared..", "..base..")
            .allowEmptyShould(true);

    /** A class is named by what it is. */
    @ArchTest
    public static final ArchRule NO_NAMES_THAT_SAY_NOTHING = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helper|Manager|Impl)(\\$.*)?")
            .allowEmptyShould(true);

    /** "Resource" is the FHIR thing; what answers HTTP is an endpoint. */
    @ArchTest
    public static final ArchRule JAX_RS_CLASSES_ARE_ENDPOINTS = classes()
            .that()
            .areAnnotatedWith("jakarta.ws.rs.Path")
            .should()
            .haveSimpleNameEndingWith("Endpoint")
            .allowEmptyShould(true);

    /** What a bean needs is told by its constructor; nothing can be made half. */
    @ArchTest
    public static final ArchRule INJECTION_BY_CONSTRUCTOR = fields().should()
            .notBeAnnotatedWith("jakarta.inject.Inject")
            .andShould()
            .notBeAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty")
            .allowEmptyShould(true);

    /** Beans are {@code @Singleton}: a client proxy is made at build time by a JVM that may be older than our classes. */
    @ArchTest
    public static final ArchRule NO_BEAN_NEEDS_A_PROXY = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("jakarta.enterprise.context.ApplicationScoped")
            .allowEmptyShould(true);

    /** An event loop that waits stands still; only the event flow's own threads may wait, and they do not await a Uni. */
    @ArchTest
    public static final ArchRule NOBODY_AWAITS = noClasses()
            .should()
            .callMethodWhere(describe(
                    "waits for a Uni",
                    call -> call.getTargetOwner().getName().equals("io.smallrye.mutiny.Uni")
                            && call.getName().equals("await")))
            .allowEmptyShould(true);

    /** A transaction that a cancelled request leaves open takes the writes of others with it. */
    @ArchTest
    public static final ArchRule TRANSACTIONS_RUN_TO_THEIR_END = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + "fhirstore.DatabaseTransactions")
            .should()
            .callMethodWhere(describe(
                    "opens a transaction of a session factory",
                    call -> call.getTargetOwner().getName().startsWith("org.hibernate.reactive.mutiny.Mutiny$")
                            && call.getName().equals("withTransaction")))
            .allowEmptyShould(true);

    /** What is worth telling is logged, with an id and without content. */
    @ArchTest
    public static final ArchRule NOBODY_PRINTS = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace")
            .allowEmptyShould(true);

    /** One table maps one class; resources have theirs in the store of the kernel. */
    @ArchTest
    public static final ArchRule ENTITIES_LIVE_IN_STORES = classes()
            .that()
            .areAnnotatedWith("jakarta.persistence.Entity")
            .should()
            .resideInAnyPackage(ROOT + "fhirstore..", ROOT + "eventflow..", ROOT + "*.store..")
            .allowEmptyShould(true);

    private ServiceShapeRules() {}

    /** Leaves tests, and this module, which exists for tests, out of what is judged. */
    public static final class MainCode implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/")
                    && !location.contains("/org/careloop/testkit/")
                    && !location.contains("/org/careloop/parts/");
        }
    }

    /** By its name, because classes that are not imported do not tell what encloses them. */
    private static String outermost(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
