# One service: docker build -f deploy/images/service.Dockerfile --build-arg SERVICE=patients .
# Needs services/$SERVICE/target/quarkus-app, made by: mvn -DskipTests package
FROM eclipse-temurin:25-jre
ARG SERVICE
COPY services/${SERVICE}/target/quarkus-app/ /opt/careloop/
USER 10001:10001
WORKDIR /opt/careloop
# Without MALLOC_ARENA_MAX glibc keeps a memory pool per thread.
ENV MALLOC_ARENA_MAX=2 \
    QUARKUS_HTTP_HOST=0.0.0.0 \
    QUARKUS_HTTP_PORT=8080 \
    QUARKUS_MANAGEMENT_PORT=9000 \
    JAVA_TOOL_OPTIONS="-Xms64m -XX:NewSize=32m -Xmx256m -XX:MetaspaceSize=128m -XX:MaxMetaspaceSize=192m -XX:MaxDirectMemorySize=64m"
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$QUARKUS_MANAGEMENT_PORT; printf 'GET /q/health/ready HTTP/1.0\\r\\n\\r\\n' >&3; head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "-jar", "quarkus-run.jar"]
