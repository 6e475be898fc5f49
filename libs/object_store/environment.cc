#include "libs/object_store/environment.h"

#include <cstdlib>

namespace fairway::object_store {

Environment ProcessEnvironment() {
  return [](const std::string& name) -> std::string {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? "" : value;
  };
}

}  // namespace fairway::object_store
