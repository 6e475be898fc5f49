#pragma once

#include <CLI/App.hpp>

#include "services/cli/session.h"

namespace fairway::cli {

// fairway import-dump
void AddImportDumpCommand(CLI::App& app, Session& session);

}  // namespace fairway::cli
