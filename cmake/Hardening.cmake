# What makes faults of memory hard to use; tests/e2e/test_hardening.py reads it from the programs. Sanitizers check more
# themselves, and coverage is built without optimisation, which FORTIFY needs. No CET: the start-up files of Debian 12's
# C library lack its mark, without which a program runs without it.
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize|--coverage")
  add_compile_options(-fstack-protector-strong -fstack-clash-protection)
  add_compile_definitions(_FORTIFY_SOURCE=2)
  add_link_options(LINKER:-z,relro,-z,now)
endif()
