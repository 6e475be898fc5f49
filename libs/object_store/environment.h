#pragma once

#include <functional>
#include <string>

namespace fairway::object_store {

// The value of an environment variable; "" when it is not set.
using Environment = std::function<std::string(const std::string& name)>;

// The process's own.
Environment ProcessEnvironment();

}  // namespace fairway::object_store
