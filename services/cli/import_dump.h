#pragma once

#include <CLI/App.hpp>

#include "services/cli/shell/session.h"

namespace fairway::cli::import_dump {

// Adds `fairway import-dump`.
void AddCommand(CLI::App& app, Session& session);

}  // namespace fairway::cli::import_dump
