#include "tests/fuzz/memory_ingest.h"

#include <mutex>

namespace fairway::fuzz {

MemoryIngest::MemoryIngest() {
  LocationChanges changes{.regions = {{"world", "World", std::nullopt}}};
  for (const char* code : {"AAAAA", "BBBBB", "CCCCC"}) {
    changes.ports.push_back({.code = *PortCode::Parse(code), .name = code, .parent = "world"});
  }
  locations_.Import(changes, absl::InfiniteFuture()).IgnoreError();
}

std::map<std::string, Rows> MemoryIngest::Stored() {
  const auto tree = locations_.ReadTree(absl::InfiniteFuture()).value();
  const std::lock_guard lock(dataset_.mutex);
  std::map<std::string, Rows> stored;
  for (const auto& [key, attempt] : dataset_.content.batches) {
    for (const testing::StoredPrice& price : attempt.prices) {
      stored[key.batch_id].emplace(tree->FindPort(price.lane.origin)->code.ToString(),
                                   tree->FindPort(price.lane.destination)->code.ToString(),
                                   FormatDay(price.day), price.price);
    }
  }
  return stored;
}

void MemoryIngest::Forget() {
  const std::lock_guard lock(dataset_.mutex);
  std::erase_if(dataset_.content.batches, [](const auto& entry) {
    return entry.second.record.state != BatchState::kReceiving;
  });
}

}  // namespace fairway::fuzz
