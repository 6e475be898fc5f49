#pragma once

#include <CLI/App.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairway::config {

// Parses the command line into what the options of `app` point to. An exit status when the program
// has to end here: 0 after --help or --version, 2 after a mistake, which was reported on stderr.
std::optional<int> Parse(CLI::App& app, int argc, const char* const* argv);

// Every option with the value it has now, wherever that came from; for the log. None is secret:
// secrets are not options.
std::vector<std::pair<std::string, std::string>> Describe(const CLI::App& app);

}  // namespace fairway::config
