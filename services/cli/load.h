#pragma once

#include <CLI/App.hpp>

#include "services/cli/session.h"

namespace fairway::cli {

// fairway load
void AddLoadCommand(CLI::App& app, Session& session);

}  // namespace fairway::cli
