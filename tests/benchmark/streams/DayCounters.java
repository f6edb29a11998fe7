// Reporting's day counters as a Kafka Streams application: exactly once (v2), state in RocksDB with
// its changelog topics, Streams' own settings else. What bench_streams holds our fold against.
//
//   java DayCounters BROKERS TOPIC EVENTS STATE_FOLDER
//
// Reads case events from the topic's beginning and counts what cells.h counts for dossiers that are
// received, resolved and handed back: in two cuts (channel; field and procedure) and three sizes of
// blocks of days. It asks less of an event than a service does: no tip, no request ids, no clock of
// the log, and it keeps of a dossier only what its counters need. When it has processed so many
// events it prints one line of JSON: events, wall and CPU seconds (of this process, from its first
// event on: without the start of the JVM and the last commit), and the sum of all counters.
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

public final class DayCounters {
  static final String DOSSIERS = "dossiers";
  static final String CELLS = "cells";
  static final AtomicLong processed = new AtomicLong();
  static final AtomicLong sum = new AtomicLong();  // of all that was added to counters
  static volatile long beganWall;
  static volatile long beganCpu;

  static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  // ---- The events, by their numbers in the contract ---------------------------------------------

  /** A protobuf message, field by field. */
  static final class Message {
    final ByteBuffer bytes;
    int field;
    int type;

    Message(ByteBuffer bytes) {
      this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean next() {
      if (!bytes.hasRemaining()) return false;
      final long tag = varint();
      field = (int) (tag >>> 3);
      type = (int) (tag & 7);
      return true;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        final byte b = bytes.get();
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) return value;
      }
    }

    long zigzag() {
      final long value = varint();
      return (value >>> 1) ^ -(value & 1);
    }

    ByteBuffer content() {
      final int size = (int) varint();
      final ByteBuffer content = bytes.slice(bytes.position(), size);
      bytes.position(bytes.position() + size);
      return content;
    }

    String text() {
      final byte[] text = new byte[(int) varint()];
      bytes.get(text);
      return new String(text, StandardCharsets.UTF_8);
    }

    void skip() {
      switch (type) {
        case 0 -> varint();
        case 1 -> bytes.getLong();
        case 2 -> content();
        case 5 -> bytes.getInt();
        default -> throw new IllegalStateException("not protobuf");
      }
    }
  }

  /** The day of a ZonedTime, since 1970. */
  static int dayOf(ByteBuffer zoned) {
    final Message m = new Message(zoned);
    long micros = 0;
    long minutes = 0;
    while (m.next()) {
      switch (m.field) {
        case 1 -> micros = m.bytes.getLong();
        case 2 -> minutes = m.zigzag();
        default -> m.skip();
      }
    }
    return (int) Math.floorDiv(micros + minutes * 60_000_000L, 86_400_000_000L);
  }

  static final class Event {
    String dossier = "";
    int version;
    int day;
    int payload;
    int channel;
    int dueDay = Integer.MIN_VALUE;
    String field = "";
    String procedure = "";

    Event(byte[] bytes) {
      final Message m = new Message(ByteBuffer.wrap(bytes));
      while (m.next()) {
        switch (m.field) {
          case 2 -> dossier = m.text();
          case 3 -> version = versionOf(m.content());
          case 10 -> day = dayOf(m.content());
          case RECEIVED -> {
            payload = m.field;
            received(m.content());
          }
          default -> {
            if (m.field >= RECEIVED) payload = m.field;
            m.skip();
          }
        }
      }
    }

    private static int versionOf(ByteBuffer step) {
      final Message m = new Message(step);
      int version = 0;
      while (m.next()) {
        if (m.field == 1) version = (int) m.varint();
        else m.skip();
      }
      return version;
    }

    private void received(ByteBuffer content) {
      final Message m = new Message(content);
      while (m.next()) {
        switch (m.field) {
          case 1 -> procedure = m.text();
          case 3 -> field = m.text();
          case 4 -> channel = (int) m.varint();
          case 16 -> clock(m.content());
          default -> m.skip();
        }
      }
    }

    private void clock(ByteBuffer content) {
      final Message m = new Message(content);
      while (m.next()) {
        if (m.field == 1) dueDay = dayOf(m.content());
        else m.skip();
      }
    }
  }

  static final int RECEIVED = 16;
  static final int RESULT = 22;

  // ---- The counters -----------------------------------------------------------------------------

  // Measures: what was received by a channel, what was resolved early, on time or late, and the
  // two stocks from which late ones are summed (contributions.h).
  static final byte MEASURE_RECEIVED = 0;
  static final byte MEASURE_EARLY = 3;
  static final byte MEASURE_ON_TIME = 4;
  static final byte MEASURE_LATE = 5;
  static final byte MEASURE_DUE_THAT_DAY = 6;
  static final byte MEASURE_LATE_SHIFT = 7;
  static final int[] LEVEL_SHIFTS = {0, 4, 8};

  static final class Counter implements Processor<byte[], byte[], Void, Void> {
    private KeyValueStore<String, byte[]> dossiers;
    private KeyValueStore<byte[], Long> cells;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      dossiers = context.getStateStore(DOSSIERS);
      cells = context.getStateStore(CELLS);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      if (beganWall == 0) {
        beganWall = System.nanoTime();
        beganCpu = cpuNanos();
      }
      final Event event;
      try {
        event = new Event(record.value());
      } catch (RuntimeException noEvent) {
        return;  // the topic's first record names the log
      }
      if (event.dossier.isEmpty()) return;
      // What a dossier is known by: version, channel, days of receipt, due and result, group.
      final byte[] row = dossiers.get(event.dossier);
      final int version = row == null ? 0 : ByteBuffer.wrap(row).getInt();
      if (event.version == version + 1) {
        if (event.payload == RECEIVED) {
          receive(event);
        } else if (row != null) {
          final ByteBuffer now = ByteBuffer.wrap(row);
          now.putInt(0, event.version);
          if (event.payload == RESULT) resolve(event, now);
          dossiers.put(event.dossier, row);
        }
      }
      processed.incrementAndGet();
    }

    private void receive(Event event) {
      final ByteBuffer row = ByteBuffer.allocate(28);
      row.putInt(event.version).putInt(event.channel).putInt(event.day).putInt(event.dueDay);
      row.putInt(Integer.MIN_VALUE);
      row.putLong((event.field + '\0' + event.procedure).hashCode() * 0x9e3779b97f4a7c15L);
      dossiers.put(event.dossier, row.array());
      final String unit = unitOf(event.dossier);
      add(unit, row, (byte) (MEASURE_RECEIVED + Math.max(0, event.channel - 1) % 3), event.day, 1);
      if (event.dueDay != Integer.MIN_VALUE) {
        add(unit, row, MEASURE_DUE_THAT_DAY, event.dueDay, 1);
      }
    }

    private void resolve(Event event, ByteBuffer row) {
      final int due = row.getInt(12);
      row.putInt(16, event.day);
      final String unit = unitOf(event.dossier);
      final boolean late = due != Integer.MIN_VALUE && event.day > due;
      final boolean early = due == Integer.MIN_VALUE || event.day < due;
      add(unit, row, late ? MEASURE_LATE : early ? MEASURE_EARLY : MEASURE_ON_TIME, event.day, 1);
      if (due == Integer.MIN_VALUE) return;
      if (late) add(unit, row, MEASURE_LATE_SHIFT, event.day, -1);
      else add(unit, row, MEASURE_DUE_THAT_DAY, due, -1);
    }

    private static String unitOf(String dossier) {
      return dossier.substring(0, dossier.lastIndexOf('-', dossier.lastIndexOf('-') - 1));
    }

    private void add(String unit, ByteBuffer row, byte measure, int day, long delta) {
      final byte[] name = unit.getBytes(StandardCharsets.US_ASCII);
      for (int cut = 0; cut < 2; ++cut) {
        for (int level = 0; level < LEVEL_SHIFTS.length; ++level) {
          final ByteBuffer key = ByteBuffer.allocate(name.length + 7 + (cut == 0 ? 1 : 8) + 1);
          key.put(name).put((byte) '|').put((byte) (cut == 0 ? 'C' : 'P')).put((byte) level);
          key.putInt((day >> LEVEL_SHIFTS[level]) ^ Integer.MIN_VALUE);
          if (cut == 0) key.put((byte) row.getInt(4));
          else key.putLong(row.getLong(20));
          key.put(measure);
          final Long before = cells.get(key.array());
          cells.put(key.array(), (before == null ? 0 : before) + delta);
          sum.addAndGet(delta);
        }
      }
    }
  }

  public static void main(String[] args) throws Exception {
    final long events = Long.parseLong(args[2]);
    final Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "day-counters-" + System.nanoTime());
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, args[3]);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // One broker: what transactions ask of a cluster must fit it.
    settings.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 60_000);

    final Topology topology = new Topology();
    topology.addSource("events", Serdes.ByteArray().deserializer(),
        Serdes.ByteArray().deserializer(), args[1]);
    topology.addProcessor("counter", Counter::new, "events");
    topology.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(DOSSIERS),
        Serdes.String(), Serdes.ByteArray()).withCachingEnabled(), "counter");
    topology.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(CELLS),
        Serdes.ByteArray(), Serdes.Long()).withCachingEnabled().withLoggingEnabled(Map.of()),
        "counter");

    final CountDownLatch failed = new CountDownLatch(1);
    try (KafkaStreams streams = new KafkaStreams(topology, settings)) {
      streams.setUncaughtExceptionHandler(error -> {
        error.printStackTrace();
        failed.countDown();
        return org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler
            .StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      });
      streams.start();
      while (processed.get() < events) {
        if (failed.getCount() == 0) System.exit(1);
        Thread.sleep(10);
      }
      final long wall = System.nanoTime() - beganWall;
      final long cpu = cpuNanos() - beganCpu;
      System.out.printf("{\"events\":%d,\"wall\":%.3f,\"cpu\":%.3f,\"sum\":%d}%n", processed.get(),
          wall / 1e9, cpu / 1e9, sum.get());
      System.out.flush();
    }
  }
}
