#pragma once

#include <CLI/App.hpp>

#include "services/cli/shell/session.h"

namespace fairway::cli::batches {

// Adds `fairway batches`.
void AddCommand(CLI::App& app, Session& session);

}  // namespace fairway::cli::batches
