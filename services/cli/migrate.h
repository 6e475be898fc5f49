#pragma once

#include <CLI/App.hpp>

#include "services/cli/shell/session.h"

namespace fairway::cli::migrate {

// Adds `fairway migrate`.
void AddCommand(CLI::App& app, Session& session);

}  // namespace fairway::cli::migrate
