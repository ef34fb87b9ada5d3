package org.careloop.local;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that there is to run, in the order in which people read it. */
record Platform(Layout layout, List<Component> components) {

    static Platform of(Layout layout, Ports ports, Secrets secrets) {
        Stream<Component> parts = Stream.of(
                new PostgresComponent(layout, ports, secrets),
                new KafkaComponent(layout, ports),
                new KeycloakComponent(layout, ports));
        Stream<Component> services =
                Service.all().stream().map(service -> new ServiceComponent(service, layout, ports, secrets));
        return new Platform(layout, Stream.concat(parts, services).toList());
    }

    /** The components of these names, or all when there are no names; with what they need. */
    List<Component> named(List<String> names) {
        if (names.isEmpty()) {
            return components;
        }
        names.forEach(this::named);
        return components.stream()
                .filter(each -> names.contains(each.name())
                        || names.stream().anyMatch(name -> named(name).needs().contains(each.name())))
                .toList();
    }

    Component named(String name) {
        return components.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refusal("there is no " + name + " (expected one of: "
                        + components.stream().map(Component::name).collect(Collectors.joining(", ")) + ")"));
    }

    Running running(Component component) {
        return new Running(layout.run(), component);
    }
}
