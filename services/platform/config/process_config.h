// ProcessConfig: the settings of one service process, as plain values. Their names, ranges and
// sentences stand in the table of settings.cc; the initialisers here are the defaults.
//
// Made by Load (load.h), then only read. Copyable; any thread.
#pragma once

#include <chrono>
#include <string>

#include "services/platform/telemetry/log.h"

namespace motcua::config {

struct InstanceConfig {
  int ordinal = 0;  // below `replicas`
  int replicas = 1;
  std::chrono::milliseconds grace{1'000};
};

// Paths of PEM files; empty: plain text.
struct TlsConfig {
  std::string certificate;
  std::string key;
  std::string client_authority;
};

// The words are librdkafka's own and go to it as they are.
struct KafkaConfig {
  std::string brokers;
  std::string topic = "motcua.case-events.v1";
  std::string security_protocol = "plaintext";
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  std::string key_password;
  std::string sasl_mechanism;
  std::string sasl_username;
  std::string sasl_password;
  bool allow_unsafe = false;
};

// Of intake; the paths are of this machine.
struct PeopleConfig {
  std::string folder;      // empty: none are kept
  std::string master_key;  // empty: master.key in the folder
};

struct MetricsConfig {
  std::string listen;  // empty: off
};

struct ProcessConfig {
  std::string data;
  std::string listen = "127.0.0.1:0";
  std::string catalogue;  // empty: the built-in sample
  bool insecure_public = false;
  std::string scenario;  // empty: the machine's clock
  InstanceConfig instance;
  TlsConfig tls;
  KafkaConfig kafka;
  PeopleConfig people;
  MetricsConfig metrics;
  telemetry::LogOptions log;
};

}  // namespace motcua::config
