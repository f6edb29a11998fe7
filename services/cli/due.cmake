# Included by services/cli/CMakeLists.txt: the sub-command `due` as a library of its own.
find_package(CLI11 CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
motcua_library(motcua_cli_due SRCS ${CMAKE_CURRENT_LIST_DIR}/due.cc
  DEPS motcua_base motcua_calendar motcua_deadline CLI11::CLI11
  PRIVATE_DEPS motcua_catalogue_files motcua_csv nlohmann_json::nlohmann_json)
