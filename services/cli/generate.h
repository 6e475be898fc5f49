#pragma once

#include <CLI/App.hpp>

#include "services/cli/shell/session.h"

namespace fairway::cli::generate {

// Adds `fairway generate`.
void AddCommand(CLI::App& app, Session& session);

}  // namespace fairway::cli::generate
