#pragma once

#include <CLI/App.hpp>

#include "services/cli/shell/session.h"

namespace fairway::cli::locations {

// Adds `fairway locations`.
void AddCommand(CLI::App& app, Session& session);

}  // namespace fairway::cli::locations
