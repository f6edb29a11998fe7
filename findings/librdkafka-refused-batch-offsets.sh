#!/usr/bin/env bash
# librdkafka 2.11.1 (PyPI confluent-kafka 2.11.1) with Kafka 4.4.0: records of a batch that the broker refused are
# reported with offsets.
#
# Guess: a delivery report that carries an error carries no offset (-1001).
# Behaviour: of a batch that is refused for its timestamps each record is reported with an error, the second and all
# later ones also with an offset that looks like a place in the log: 0, 1, … The log holds none of them.
source "$(dirname "$0")/kafka.bash"

fetch_kafka 4.4.0
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check confluent-kafka==2.11.1
write_broker log.message.timestamp.after.max.ms=1000
format_broker
start_broker
cat >"$work/probe.py" <<'END'
import sys, time
from confluent_kafka import Producer, Consumer, TopicPartition, libversion
from confluent_kafka.admin import AdminClient, NewTopic

broker = {"bootstrap.servers": sys.argv[1]}
admin = AdminClient(broker)
for future in admin.create_topics([NewTopic("t", 1, 1)]).values():
    future.result()
reports = []
producer = Producer({**broker, "linger.ms": 200})
for i in range(3):
    producer.produce("t", b"%d" % i, timestamp=int(time.time() * 1000) + 3_600_000,
                     on_delivery=lambda error, message: reports.append((error and error.name(), message.offset())))
producer.flush(30)
consumer = Consumer({**broker, "group.id": "g"})
low, high = consumer.get_watermark_offsets(TopicPartition("t", 0), timeout=10)
consumer.close()
print("librdkafka", libversion()[0])
print("reports", reports)
print("end of the log", high)
END
output=$("$work/venv/bin/python" "$work/probe.py" "$broker")
echo "$output"
grep -qx "librdkafka 2.11.1" <<<"$output"
grep -qx "reports \[('INVALID_RECORD', None), ('INVALID_RECORD', 0), ('INVALID_RECORD', 1)\]" <<<"$output"
grep -qx "end of the log 0" <<<"$output"
