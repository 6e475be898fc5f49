#pragma once

#include <CLI/App.hpp>

#include "services/cli/shell/session.h"

namespace fairway::cli::upload {

// Adds `fairway upload`.
void AddCommand(CLI::App& app, Session& session);

}  // namespace fairway::cli::upload
