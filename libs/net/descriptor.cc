#include "libs/net/descriptor.h"

#include <unistd.h>

namespace fairway::net {

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace fairway::net
