#!/bin/sh
# Makes Kafka's commands in the folder $1, each one a class.
set -eu
while read -r command class; do
  printf '#!/bin/bash\nexec "$(dirname "${BASH_SOURCE[0]}")/kafka-run-class.sh" %s "$@"\n' "$class" >"$1/$command.sh"
  chmod 755 "$1/$command.sh"
done <<END
kafka-storage kafka.tools.StorageTool
kafka-topics org.apache.kafka.tools.TopicCommand
kafka-configs kafka.admin.ConfigCommand
kafka-acls org.apache.kafka.tools.AclCommand
kafka-broker-api-versions org.apache.kafka.tools.BrokerApiVersionsCommand
kafka-cluster org.apache.kafka.tools.ClusterTool
kafka-consumer-groups org.apache.kafka.tools.consumer.group.ConsumerGroupCommand
kafka-console-consumer org.apache.kafka.tools.consumer.ConsoleConsumer
kafka-console-producer org.apache.kafka.tools.ConsoleProducer
kafka-get-offsets org.apache.kafka.tools.GetOffsetShell
kafka-log-dirs org.apache.kafka.tools.LogDirsCommand
kafka-metadata-quorum org.apache.kafka.tools.MetadataQuorumCommand
kafka-features org.apache.kafka.tools.FeatureCommand
kafka-producer-perf-test org.apache.kafka.tools.ProducerPerformance
END
cat >"$1/kafka-server-start.sh" <<'END'
#!/bin/bash
export KAFKA_HEAP_OPTS="${KAFKA_HEAP_OPTS:--Xmx1G -Xms1G}"
exec "$(dirname "${BASH_SOURCE[0]}")/kafka-run-class.sh" kafka.Kafka "$@"
END
chmod 755 "$1/kafka-server-start.sh"
