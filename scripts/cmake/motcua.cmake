# Build rules of the project: warnings, sanitizers, outside libraries, and one function each for a
# library, a program and a test. Folders hold explicit lists of sources and dependencies, no globs.

# The repository's root: what #include paths begin with.
get_filename_component(MOTCUA_ROOT ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)

# ccache and mold where they are installed; scripts/setup installs both.
find_program(MOTCUA_CCACHE ccache)
if(MOTCUA_CCACHE)
  # Without these it caches nothing that uses a precompiled header, and another checkout's objects
  # are not found for its path.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${MOTCUA_ROOT}
    CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${MOTCUA_CCACHE})
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
# ICU: base/text_fold.cc alone uses it, and there only the normal forms and the properties of
# characters, which are tables compiled into the library: nothing is read from files, environment
# or locale.
set_target_properties(PkgConfig::XXHASH PkgConfig::ICU protobuf::libprotobuf absl::node_hash_map
  PROPERTIES MOTCUA_PURE ON)

# motcua_library(name [PURE] SRCS … [DEPS …] [PRIVATE_DEPS …])
# A PURE library may depend on PURE libraries only; the simulation relies on it.
function(motcua_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PURE" "" "SRCS;DEPS;PRIVATE_DEPS")
  add_library(${name} STATIC ${arg_SRCS})
  target_include_directories(${name} PUBLIC ${MOTCUA_ROOT})
  target_link_libraries(${name} PUBLIC ${arg_DEPS} PRIVATE ${arg_PRIVATE_DEPS} motcua_warnings)
  set_target_properties(${name} PROPERTIES MOTCUA_PURE "${arg_PURE}")
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

# motcua_unoptimised(target …): for command lines, whose speed nobody feels: CLI11's and JSON's
# templates take a third of the compiler's time when they are optimised.
function(motcua_unoptimised)
  foreach(name IN LISTS ARGN)
    target_compile_options(${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O0>)
  endforeach()
endfunction()

# motcua_program(name SRCS … DEPS …): an executable in build/bin.
function(motcua_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SRCS;DEPS")
  add_executable(${name} ${arg_SRCS})
  target_include_directories(${name} PRIVATE ${MOTCUA_ROOT})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} ${MOTCUA_ALLOCATOR} motcua_warnings)
endfunction()

# motcua_test(name SRCS … DEPS … [GRPC] [TIMEOUT seconds] [PROPERTIES …]): a GoogleTest program
# whose cases are ctest tests of their own. MOTCUA_SOURCE_DIR and MOTCUA_BIN_DIR are defined for it.
# GRPC: it includes gRPC's headers. Half of the whole build is tests, so their own code, whose speed
# nobody feels, is optimised less than what it tests, and what nearly all of it includes is compiled
# once (tests/support/CMakeLists.txt).
include(GoogleTest)
# All have -pthread, as some libraries want it: a header precompiled without fits only who has not.
set(MOTCUA_TEST_OPTIONS $<$<CONFIG:RelWithDebInfo>:-O1> -pthread)
# With -O1 and the thread sanitizer GCC 12 sees std::string's own copies leave their bounds.
if(MOTCUA_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND MOTCUA_TEST_OPTIONS
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()
function(motcua_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "GRPC" "TIMEOUT" "SRCS;DEPS;PROPERTIES")
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
  target_precompile_headers(${name} REUSE_FROM ${headers})
  target_compile_definitions(${name} PRIVATE
    MOTCUA_SOURCE_DIR="${MOTCUA_ROOT}" MOTCUA_BIN_DIR="${PROJECT_BINARY_DIR}/bin")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT ${arg_TIMEOUT} ${arg_PROPERTIES})
endfunction()

# motcua_kafka_test(name …): as motcua_test, for what speaks to real Kafka (tests/support/kafka.h).
# The broker that such tests share runs while they do.
function(motcua_kafka_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "GRPC" "TIMEOUT" "SRCS;DEPS;PROPERTIES")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set(grpc "")
  if(arg_GRPC)
    set(grpc GRPC)
  endif()
  motcua_test(${name} ${grpc} SRCS ${arg_SRCS} DEPS ${arg_DEPS} motcua_kafka_support
    TIMEOUT ${arg_TIMEOUT} PROPERTIES ${arg_PROPERTIES} FIXTURES_REQUIRED kafka)
endfunction()
