#pragma once

#include <CLI/App.hpp>

#include "services/cli/shell/session.h"

namespace fairway::cli::dataset {

// Adds `fairway dataset`.
void AddCommand(CLI::App& app, Session& session);

}  // namespace fairway::cli::dataset
