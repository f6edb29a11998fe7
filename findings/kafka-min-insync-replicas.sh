#!/usr/bin/env bash
# Apache Kafka 4.4.0: min.insync.replicas in server.properties counts at the very first start only.
#
# Guess: a broker's setting that server.properties names is read at each start.
# Behaviour: since eligible leader replicas (KIP-966) are on in new clusters, the value of the first start becomes a
# default of the cluster, kept in its metadata; what the file says later has no effect, and nothing warns of it. A topic
# without a setting of its own goes by the old value.
source "$(dirname "$0")/kafka.bash"

fetch_kafka 4.4.0
cat >"$work/Probe.java" <<'END'
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.common.config.ConfigResource;

public class Probe {
  public static void main(String[] args) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
      if (!admin.listTopics().names().get().contains("t")) {
        admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
      }
      ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");
      ConfigEntry entry = admin.describeConfigs(List.of(topic)).all().get().get(topic).get("min.insync.replicas");
      System.out.println(entry.value() + " " + entry.source());
    }
  }
}
END
write_broker min.insync.replicas=1
format_broker
start_broker
first=$(run_java "$work/Probe.java" "$broker")
stop_broker
sed -i 's/^min.insync.replicas=.*/min.insync.replicas=2/' "$work/server.properties"
start_broker
second=$(run_java "$work/Probe.java" "$broker")
echo "Kafka 4.4.0, server.properties at the first start: 1, topic t goes by: $first"
echo "Kafka 4.4.0, server.properties at the second start: 2, topic t goes by: $second"
[[ "$first" == "1 DYNAMIC_DEFAULT_BROKER_CONFIG" && "$second" == "$first" ]]
