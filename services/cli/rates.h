#pragma once

#include <CLI/App.hpp>

#include "services/cli/shell/session.h"

namespace fairway::cli::rates {

// Adds `fairway rates`.
void AddCommand(CLI::App& app, Session& session);

}  // namespace fairway::cli::rates
