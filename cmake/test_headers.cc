// CMake compiles precompiled headers for a target that has a source file.
