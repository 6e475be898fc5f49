#include "libs/rpc/server/peer.h"

namespace fairway::rpc {

absl::string_view AddressOf(absl::string_view peer) { return peer.substr(0, peer.rfind(':')); }

}  // namespace fairway::rpc
