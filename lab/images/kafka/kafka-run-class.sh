#!/bin/bash
# kafka-run-class.sh class [argument...]: a class of Kafka's, with the options that Kafka's own scripts honour.
[ $# -gt 0 ] || { echo "usage: kafka-run-class.sh class [argument...]" >&2; exit 1; }
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2086 # Options are words.
exec java ${KAFKA_HEAP_OPTS:--Xmx256M} \
  ${KAFKA_JVM_PERFORMANCE_OPTS:--server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent -Djava.awt.headless=true} \
  -Dkafka.logs.dir="${LOG_DIR:-$home/logs}" \
  ${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=$home/config/tools-log4j2.yaml} \
  ${KAFKA_JMX_OPTS:-} ${KAFKA_OPTS:-} -cp "$home/libs/*" "$@"
