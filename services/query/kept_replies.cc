#include "services/query/kept_replies.h"

#include "absl/hash/hash.h"

namespace fairway::query {

size_t KeptReplies::PlaceOf(absl::string_view request) {
  return absl::HashOf(request) % limits::kKeptReplies;
}

std::optional<grpc::Slice> KeptReplies::Find(absl::string_view request,
                                             const VersionId& version) const {
  const Place& place = places_[PlaceOf(request)];
  const std::lock_guard lock(place.mutex);
  if (request.empty() || place.request != request || place.version != version) {
    return std::nullopt;
  }
  return place.reply;
}

void KeptReplies::Keep(absl::string_view request, const VersionId& version,
                       const grpc::Slice& reply) {
  if (request.size() > limits::kKeptRequestBytesMax) return;
  if (reply.size() > limits::kKeptReplyBytesMax) return;
  Place& place = places_[PlaceOf(request)];
  const std::lock_guard lock(place.mutex);
  place.version = version;
  place.request = std::string(request);
  place.reply = reply;
}

}  // namespace fairway::query
