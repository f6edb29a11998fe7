# Build rules of the project: warnings, sanitizers, outside libraries, and one function each for a
# library, a program and a test. Folders hold explicit lists of sources and dependencies, no globs.

# The repository's root: what #include paths begin with.
get_filename_component(MOTCUA_ROOT ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)

# ccache and mold where they are installed; scripts/setup installs both.
find_program(MOTCUA_CCACHE ccache)
if(MOTCUA_CCACHE)
  # Without these it caches nothing that uses a precompiled header, and another checkout's objects
  # are not found for its path.
  set(ccache_settings CCACHE_BASEDIR=${MOTCUA_ROOT} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env ${ccache_settings} ${MOTCUA_CCACHE})
  # GCC knows a header with #pragma once that was precompiled by the sum of its bytes. So a cached
  # one of before a comment changed would be no good: all in it would be there twice. Comments
  # count, then; and in a namespace of their own, for what was cached when they did not is there.
  set(MOTCUA_PRECOMPILED_LAUNCHER
    ${CMAKE_COMMAND} -E env ${ccache_settings} CCACHE_COMMENTS=1 CCACHE_NAMESPACE=precompiled
    ${MOTCUA_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()
find_program(MOTCUA_MOLD mold)
if(MOTCUA_MOLD AND NOT MOTCUA_FUZZ)
  add_link_options(-fuse-ld=mold)
endif()

if(MOTCUA_SANITIZE STREQUAL "address")
  # GCC's instrumentation makes it see uninitialized variants where there are none.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
    -fno-omit-frame-pointer $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  add_link_options(-fsanitize=address,undefined)
elseif(MOTCUA_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(NOT "${MOTCUA_SANITIZE}" STREQUAL "")
  message(FATAL_ERROR "MOTCUA_SANITIZE is address, thread or empty, not ${MOTCUA_SANITIZE}")
endif()

# All of our code tells libFuzzer which ways it went, not its targets alone: else it would search
# blindly.
if(MOTCUA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# What the programs allocate by. glibc's costs the services a fifth of their time: commands are
# allocated by gRPC's threads and freed by the loop's. Sanitizers and fuzzers bring their own.
if(MOTCUA_SANITIZE STREQUAL "" AND NOT MOTCUA_FUZZ)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
  set(MOTCUA_ALLOCATOR PkgConfig::jemalloc)
endif()

# Our own code only; generated code is compiled without it.
add_library(motcua_warnings INTERFACE)
target_compile_options(motcua_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Werror)

find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(GTest CONFIG REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc)
pkg_check_modules(RdKafka REQUIRED IMPORTED_TARGET rdkafka)
if(MOTCUA_WITH_GRPC)
  find_package(gRPC CONFIG REQUIRED)
endif()

define_property(TARGET PROPERTY MOTCUA_PURE
  BRIEF_DOCS "Whether a library uses no clock, thread, file, socket, randomness or logging")
define_property(TARGET PROPERTY MOTCUA_COLD BRIEF_DOCS "Whether a library is not optimised")
# ICU: base/text_fold.cc alone uses it, and there only the normal forms and the properties of
# characters, which are tables compiled into the library: nothing is read from files, environment
# or locale.
set_target_properties(PkgConfig::XXHASH PkgConfig::ICU protobuf::libprotobuf absl::node_hash_map
  PROPERTIES MOTCUA_PURE ON)

# What a build costs is mostly headers and templates, the same in file after file. So the sources of
# a target are compiled together, a few at once, which halves a build from nothing. A name in an
# unnamed namespace may occur once in a target, then: where the compiler says "redefinition", give
# one of the two another name, or say APART with its file. Off for clang-tidy, which reads each
# source by itself (and so finds one that needs its neighbour's #include), and useful to switch off
# (scripts/build --option MOTCUA_TOGETHER=OFF) while one file is changed many times.
option(MOTCUA_TOGETHER "Compile several sources of a target at once" ON)
# More at once is quicker in sum, but leaves less for other cores, takes more memory, and longer
# after a change of one file.
set(MOTCUA_TOGETHER_MAX 12)
# Of what is COLD: few files that change seldom, each with little of its own.
set(MOTCUA_TOGETHER_COLD_MAX 16)

# motcua_together(target [COLD] SRCS … [APART …]): in groups of about the same size, but for those
# APART.
function(motcua_together name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "COLD" "" "SRCS;APART")
  if(NOT MOTCUA_TOGETHER)
    return()
  endif()
  set(max ${MOTCUA_TOGETHER_MAX})
  if(arg_COLD)
    set(max ${MOTCUA_TOGETHER_COLD_MAX})
  endif()
  set(sources ${arg_SRCS})
  list(FILTER sources INCLUDE REGEX "\\.cc$")
  if(arg_APART)
    list(REMOVE_ITEM sources ${arg_APART})
    set_source_files_properties(${arg_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  list(LENGTH sources sources)
  if(sources GREATER 1)
    math(EXPR groups "(${sources} + ${max} - 1) / ${max}")
    math(EXPR size "(${sources} + ${groups} - 1) / ${groups}")
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${size})
  endif()
endfunction()

# COLD is what nobody waits for: command lines, settings, what runs once at a start.
set(MOTCUA_COLD_OPTIONS $<$<CONFIG:RelWithDebInfo>:-O0>)

# GCC looks for memory to free from 128 MB on: a tenth of its time, and it finds little.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(--param=ggc-min-heapsize=1048576)
endif()

# A header precompiled without -pthread, which some libraries want, fits only who has not.
add_compile_options(-pthread)

# motcua_precompiled(name HEADERS … [DEPS …] [OPTIONS …]): headers that are compiled once, for
# targets of the same options (target_precompile_headers(… REUSE_FROM name)). Each source includes
# what it uses all the same: clang-tidy knows nothing of these. Not for clang's fuzzers, which are
# few, and have options of their own.
set(MOTCUA_NOTHING ${PROJECT_BINARY_DIR}/nothing.cc)
file(CONFIGURE OUTPUT ${MOTCUA_NOTHING} CONTENT "// A precompiled header wants a source.\n")
function(motcua_precompiled name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;DEPS;OPTIONS")
  if(MOTCUA_FUZZ)
    return()
  endif()
  add_library(${name} OBJECT ${MOTCUA_NOTHING})
  target_include_directories(${name} PRIVATE ${MOTCUA_ROOT})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} motcua_warnings)
  target_compile_options(${name} PRIVATE ${arg_OPTIONS})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
  if(MOTCUA_CCACHE)
    set_target_properties(${name} PROPERTIES
      CXX_COMPILER_LAUNCHER "${MOTCUA_PRECOMPILED_LAUNCHER}")
  endif()
endfunction()
function(motcua_reuse name headers)
  if(TARGET ${headers})
    target_precompile_headers(${name} REUSE_FROM ${headers})
    # With them GCC 12 sees copies of std::string leave their bounds where none do.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(${name} PRIVATE
        -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
    endif()
  endif()
endfunction()

# What nearly all of our sources include; with the headers of cases and the engine for a library
# that says CASES; and with gRPC's for one that says GRPC. None of them may include engine/plant.h,
# which says something else in the copies that have bugs.
set(std_headers
  <algorithm> <array> <atomic> <charconv> <chrono> <condition_variable> <cstdint> <deque>
  <filesystem> <functional> <map> <memory> <mutex> <optional> <set> <span> <sstream> <string>
  <string_view> <thread> <unordered_map> <utility> <variant> <vector>)
motcua_precompiled(motcua_headers HEADERS ${std_headers})
motcua_precompiled(motcua_case_headers
  HEADERS ${std_headers} <services/engine/reader.h> <services/engine/service.h> DEPS motcua_codes)
if(MOTCUA_WITH_GRPC)
  motcua_precompiled(motcua_grpc_headers
    HEADERS <grpcpp/grpcpp.h> <services/engine/reader.h> <services/engine/service.h>
            <services/platform/grpc/convert.h> <services/platform/grpc/read.h>
            <services/platform/grpc/unary.h>
    DEPS motcua_codes motcua_proto gRPC::grpc++)
endif()
# For what is COLD, the same; and JSON's. CLI11's would not be worth it: its checks are objects of
# each source that includes it, which costs that source three seconds, precompiled or not.
if(MOTCUA_WITH_GRPC)
  find_package(nlohmann_json CONFIG REQUIRED)
  motcua_precompiled(motcua_cold_headers
    HEADERS <grpcpp/grpcpp.h> <nlohmann/json.hpp> <services/engine/service.h>
            <services/platform/cluster/directory.h> <services/platform/grpc/convert.h>
    DEPS motcua_codes motcua_proto gRPC::grpc++ nlohmann_json::nlohmann_json
    OPTIONS ${MOTCUA_COLD_OPTIONS})
endif()

# motcua_library(name [PURE] [COLD|CASES|GRPC] SRCS … [APART …] [DEPS …] [PRIVATE_DEPS …])
# APART: those of its sources that are compiled by themselves (motcua_together).
# CASES, GRPC: which precompiled headers it uses; what is COLD has its own.
# A PURE library may depend on PURE libraries only; the simulation relies on it.
function(motcua_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PURE;COLD;CASES;GRPC" "" "SRCS;APART;DEPS;PRIVATE_DEPS")
  add_library(${name} STATIC ${arg_SRCS})
  if(arg_COLD)
    target_compile_options(${name} PRIVATE ${MOTCUA_COLD_OPTIONS})
    motcua_together(${name} COLD SRCS ${arg_SRCS} APART ${arg_APART})
    motcua_reuse(${name} motcua_cold_headers)
  else()
    motcua_together(${name} SRCS ${arg_SRCS} APART ${arg_APART})
    if(arg_GRPC)
      motcua_reuse(${name} motcua_grpc_headers)
    elseif(arg_CASES)
      motcua_reuse(${name} motcua_case_headers)
    else()
      motcua_reuse(${name} motcua_headers)
    endif()
  endif()
  target_include_directories(${name} PUBLIC ${MOTCUA_ROOT})
  target_link_libraries(${name} PUBLIC ${arg_DEPS} PRIVATE ${arg_PRIVATE_DEPS} motcua_warnings)
  set_target_properties(${name} PROPERTIES MOTCUA_PURE "${arg_PURE}" MOTCUA_COLD "${arg_COLD}")
  if(arg_PURE)
    set_property(GLOBAL APPEND PROPERTY MOTCUA_PURE_LIBRARIES ${name})
    set_property(TARGET ${name} PROPERTY MOTCUA_PURE_DEPS ${arg_DEPS} ${arg_PRIVATE_DEPS})
  endif()
endfunction()

# After all folders have been read, so that libraries may be declared in any order.
function(motcua_check_purity)
  get_property(libraries GLOBAL PROPERTY MOTCUA_PURE_LIBRARIES)
  foreach(name IN LISTS libraries)
    get_property(deps TARGET ${name} PROPERTY MOTCUA_PURE_DEPS)
    foreach(dep IN LISTS deps)
      get_target_property(dep_pure ${dep} MOTCUA_PURE)
      if(NOT dep_pure)
        message(FATAL_ERROR "${name} is PURE but depends on ${dep}")
      endif()
    endforeach()
  endforeach()
endfunction()
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL motcua_check_purity)

# The linker takes an inline function that several files have from the first of them, and COLD
# libraries come before those that they use. So what is optimised is named once more before all.
# And what no optimised file has, as the inside of std::string, is not shown to shared libraries:
# libstdc++'s own strings would call our slow copy in place of theirs.
function(motcua_optimised_first)
  get_property(programs GLOBAL PROPERTY MOTCUA_PROGRAMS)
  foreach(program IN LISTS programs)
    set(found "")
    set(left ${program})
    while(left)
      list(POP_FRONT left name)
      get_target_property(deps ${name} LINK_LIBRARIES)
      list(FILTER deps INCLUDE REGEX "^motcua_")
      list(REMOVE_ITEM deps ${found} motcua_warnings)
      list(APPEND found ${deps})
      list(APPEND left ${deps})
    endwhile()
    list(REMOVE_DUPLICATES found)
    foreach(name IN LISTS found)
      get_target_property(cold ${name} MOTCUA_COLD)
      if(cold)
        target_link_options(${program} PRIVATE -Wl,--exclude-libs,$<TARGET_FILE_NAME:${name}>)
      else()
        target_link_options(${program} PRIVATE $<TARGET_FILE:${name}>)
      endif()
    endforeach()
  endforeach()
endfunction()
if(MOTCUA_MOLD AND NOT MOTCUA_FUZZ)
  cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL motcua_optimised_first)
endif()

# motcua_program(name [COLD|GRPC] SRCS … DEPS …): an executable in build/bin. COLD and GRPC as in
# motcua_library.
function(motcua_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "COLD;GRPC" "" "SRCS;DEPS")
  add_executable(${name} ${arg_SRCS})
  set_property(GLOBAL APPEND PROPERTY MOTCUA_PROGRAMS ${name})
  if(arg_COLD)
    target_compile_options(${name} PRIVATE ${MOTCUA_COLD_OPTIONS})
    motcua_together(${name} COLD SRCS ${arg_SRCS})
    motcua_reuse(${name} motcua_cold_headers)
  elseif(arg_GRPC)
    motcua_reuse(${name} motcua_grpc_headers)
  endif()
  target_include_directories(${name} PRIVATE ${MOTCUA_ROOT})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} ${MOTCUA_ALLOCATOR} motcua_warnings)
endfunction()

# motcua_test(name SRCS … [APART …] DEPS … [GRPC] [TIMEOUT seconds] [PROPERTIES …]): a GoogleTest
# program whose cases are ctest tests of their own. MOTCUA_SOURCE_DIR and MOTCUA_BIN_DIR are defined
# for it. GRPC: it includes gRPC's headers. Half of the whole build is tests, so their own code,
# whose speed nobody feels, is optimised less than what it tests, and what nearly all of it includes
# is compiled once (tests/support/CMakeLists.txt).
include(GoogleTest)
set(MOTCUA_TEST_OPTIONS $<$<CONFIG:RelWithDebInfo>:-O1>)
# With -O1 and the thread sanitizer GCC 12 sees std::string's own copies leave their bounds.
if(MOTCUA_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND MOTCUA_TEST_OPTIONS
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()
function(motcua_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "GRPC" "TIMEOUT" "SRCS;APART;DEPS;PROPERTIES")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set(headers motcua_test_headers)
  if(arg_GRPC)
    set(headers motcua_grpc_test_headers)
  endif()
  add_executable(${name} ${arg_SRCS})
  target_include_directories(${name} PRIVATE ${MOTCUA_ROOT})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} GTest::gtest GTest::gmock GTest::gtest_main
    motcua_warnings)
  target_compile_options(${name} PRIVATE ${MOTCUA_TEST_OPTIONS})
  motcua_reuse(${name} ${headers})
  motcua_together(${name} SRCS ${arg_SRCS} APART ${arg_APART})
  target_compile_definitions(${name} PRIVATE
    MOTCUA_SOURCE_DIR="${MOTCUA_ROOT}" MOTCUA_BIN_DIR="${PROJECT_BINARY_DIR}/bin")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT ${arg_TIMEOUT} ${arg_PROPERTIES})
endfunction()

# motcua_kafka_test(name …): as motcua_test, for what speaks to real Kafka (tests/support/kafka.h).
# The broker that such tests share runs while they do.
function(motcua_kafka_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "GRPC" "TIMEOUT" "SRCS;APART;DEPS;PROPERTIES")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set(grpc "")
  if(arg_GRPC)
    set(grpc GRPC)
  endif()
  motcua_test(${name} ${grpc} SRCS ${arg_SRCS} APART ${arg_APART}
    DEPS ${arg_DEPS} motcua_kafka_support TIMEOUT ${arg_TIMEOUT}
    PROPERTIES ${arg_PROPERTIES} FIXTURES_REQUIRED kafka)
endfunction()
