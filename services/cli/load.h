#pragma once

#include <CLI/App.hpp>

#include "services/cli/shell/session.h"

namespace fairway::cli::load {

// Adds `fairway load`.
void AddCommand(CLI::App& app, Session& session);

}  // namespace fairway::cli::load
