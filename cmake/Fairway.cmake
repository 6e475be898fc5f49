# The three shapes a folder can take here: a library, its unit tests, its database tests. PROCESSORS of a test counts thirds
# of a processor (see ci/test): what computes takes three, what mostly waits one or two.
# One folder is one target, which links the targets of the folders it includes (ci/check_layers checks that).

add_library(fairway_options INTERFACE)
target_compile_features(fairway_options INTERFACE cxx_std_20)
# Designated initialisers name what differs from the default; warning about the rest would defeat them. With -O3, g++ 12
# takes the members they leave to their defaults for uninitialised; the sanitizers look for the real thing.
target_compile_options(
  fairway_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wno-missing-field-initializers -Wno-maybe-uninitialized)
target_include_directories(fairway_options INTERFACE "${CMAKE_SOURCE_DIR}")
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 20)

# fairway_library(domain SOURCES a.cc HEADERS a.h DEPS fairway_base PRIVATE_DEPS absl::time)
function(fairway_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPS;PRIVATE_DEPS" ${ARGN})
  set(target fairway_${name})
  if(ARG_SOURCES)
    add_library(${target} STATIC ${ARG_SOURCES} ${ARG_HEADERS})
    target_link_libraries(${target} PUBLIC fairway_options ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE fairway_options ${ARG_DEPS})
  endif()
endfunction()

# Tests are compiled without optimisation, which takes an eighth less time, and hardly run longer for it: what they test keeps its own.
add_library(fairway_test_options INTERFACE)
target_link_libraries(fairway_test_options INTERFACE fairway_options)
target_compile_options(fairway_test_options INTERFACE -O0 -U_FORTIFY_SOURCE)

# What most tests include, read once: a sixth of the time of compiling them.
if(FAIRWAY_BUILD_UNIT_TESTS)
  add_library(fairway_test_headers OBJECT "${CMAKE_SOURCE_DIR}/cmake/test_headers.cc")
  target_link_libraries(fairway_test_headers PRIVATE fairway_test_options gRPC::grpc++ GTest::gmock)
  target_precompile_headers(fairway_test_headers PRIVATE "${CMAKE_SOURCE_DIR}/cmake/test_headers.h")
endif()

# What ./dev sanitize builds: with AddressSanitizer all unit and database tests, with ThreadSanitizer the unit tests of code
# that has threads.
add_custom_target(sanitized_tests)
add_custom_target(threaded_tests)

# fairway_test(domain_test SOURCES a_test.cc DEPS fairway_domain): the program is a CTest case, and so is each TEST in it, with the
# label "case": to start a process for each takes longer than most tests, so all run as programs and a few by their names.
# SINGLE_THREADED: neither the tests nor what they test starts or synchronises threads; ci/layers.toml has a rule for that.
function(fairway_test name)
  if(NOT FAIRWAY_BUILD_UNIT_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "SINGLE_THREADED" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} fairway_base_testing fairway_test_options GTest::gmock_main)
  target_precompile_headers(${name} REUSE_FROM fairway_test_headers)
  target_compile_options(${name} PRIVATE -pthread)  # As protobuf has it: all must be compiled alike.
  add_dependencies(sanitized_tests ${name})
  set(labels unit)
  if(NOT ARG_SINGLE_THREADED)
    add_dependencies(threaded_tests ${name})
    list(APPEND labels threaded)
  endif()
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES LABELS "${labels}" PROCESSORS 3 COST 10 TIMEOUT 600)
  gtest_discover_tests(${name} NO_PRETTY_VALUES PROPERTIES LABELS case PROCESSORS 3 TIMEOUT 120 DISCOVERY_TIMEOUT 60)
endfunction()

# fairway_database_test(postgres_database_test SOURCES … DEPS …): a CTest case per program, which boots a PostgreSQL cluster of its
# own.
function(fairway_database_test name)
  if(NOT FAIRWAY_BUILD_UNIT_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} fairway_test_support fairway_base_testing fairway_test_options GTest::gmock)
  add_dependencies(sanitized_tests ${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS database PROCESSORS 1 COST 20 TIMEOUT 600)
endfunction()

# fairway_benchmark(series_benchmark SOURCES … DEPS …): a Google Benchmark program, built on request only.
function(fairway_benchmark name)
  if(NOT FAIRWAY_BUILD_BENCHMARKS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} fairway_options benchmark::benchmark)
endfunction()
