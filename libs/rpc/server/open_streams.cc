#include "libs/rpc/server/open_streams.h"

#include <tuple>
#include <utility>

#include "libs/rpc/server/peer.h"

namespace fairway::rpc {
namespace {

// A stream may stay unread longer than the limit by this part of it.
constexpr int kLooksPerLimit = 8;
// A client that is refused repeatedly must not cause a search of all streams each time.
constexpr absl::Duration kSearchInterval = absl::Milliseconds(20);

}  // namespace

OpenStreams::OpenStreams(const Options& options, const Clock* clock)
    : options_(options), clock_(*clock), checks_(clock, [this](const std::stop_token&) {
        EndThoseUnread();
        return clock_.Now() + options_.unread_max / kLooksPerLimit;
      }) {}

bool OpenStreams::Enter(Stream* stream, const std::string& peer) {
  Owner owner = {std::string(AddressOf(peer)), peer};
  const std::lock_guard lock(mutex_);
  if (!Fits(owner, nullptr) && !EndOneFor(owner)) return false;
  by_address_.Add(owner.address);
  by_connection_.Add(owner.connection);
  streams_.emplace(stream, std::move(owner));
  return true;
}

void OpenStreams::Leave(Stream* stream) {
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(stream);
  if (found != streams_.end()) Forget(found);
}

void OpenStreams::Forget(Streams::iterator stream) {
  by_address_.Remove(stream->second.address);
  by_connection_.Remove(stream->second.connection);
  streams_.erase(stream);
}

bool OpenStreams::Fits(const Owner& owner, const Owner* leaving) const {
  const auto left = [&](bool same) { return leaving != nullptr && same ? 1 : 0; };
  const auto open = static_cast<int>(streams_.size()) - left(true);
  const int of_address =
      by_address_.Of(owner.address) - left(leaving != nullptr && leaving->address == owner.address);
  const int of_connection = by_connection_.Of(owner.connection) -
                            left(leaving != nullptr && leaving->connection == owner.connection);
  return open < options_.streams_max && of_address < options_.per_address_max &&
         of_connection < options_.per_connection_max;
}

// The one of the address that has the most, and of its streams the one furthest behind. Never one
// of an address that would have fewer then than the one that comes.
bool OpenStreams::EndOneFor(const Owner& owner) {
  const absl::Time now = clock_.Now();
  if (now < next_search_) return false;
  const int own = by_address_.Of(owner.address);
  auto worst = streams_.end();
  std::tuple<int, absl::Duration> worst_rank;
  for (auto stream = streams_.begin(); stream != streams_.end(); ++stream) {
    const absl::Duration behind = stream->first->BehindAt(now);
    if (behind < options_.behind_max || !Fits(owner, &stream->second)) continue;
    const int count = by_address_.Of(stream->second.address);
    if (count <= own && stream->second.address != owner.address) continue;
    if (worst != streams_.end() && std::tuple(count, behind) <= worst_rank) continue;
    worst = stream;
    worst_rank = {count, behind};
  }
  if (worst == streams_.end()) {
    next_search_ = now + kSearchInterval;
    return false;
  }
  worst->first->MakeRoom();
  Forget(worst);
  return true;
}

void OpenStreams::EndThoseUnread() {
  const absl::Time since = clock_.Now() - options_.unread_max;
  const std::lock_guard lock(mutex_);
  for (const auto& [stream, owner] : streams_) stream->EndIfUnread(since);
}

}  // namespace fairway::rpc
