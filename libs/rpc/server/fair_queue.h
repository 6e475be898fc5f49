#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace fairway::rpc {

// What waits, by client: clients take turns (round robin), and each one's own items keep their
// order. So a client waits for one item of each other, however many they have. One thread at a
// time.
template <typename Item>
class FairQueue {
  struct Line {
    std::string client;
    std::list<Item> items;
  };
  using Lines = std::list<Line>;

 public:
  // Where an item waits. Valid until it is taken.
  struct Place {
    typename Lines::iterator line;
    typename std::list<Item>::iterator item;
  };

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }

  Place Push(absl::string_view client, Item item) {
    auto [found, is_new] = by_client_.try_emplace(client);
    if (is_new) {
      found->second = lines_.insert(lines_.end(), Line{.client = std::string(client)});
    }
    const auto line = found->second;
    line->items.push_back(std::move(item));
    ++size_;
    return {line, std::prev(line->items.end())};
  }

  // The item whose turn it is, as a list of one. The queue must not be empty.
  std::list<Item> TakeNext() {
    lines_.splice(lines_.end(), lines_, lines_.begin());  // The others' turns come before its next.
    const auto line = std::prev(lines_.end());
    return Take({line, line->items.begin()});
  }

  // An item that waits, as a list of one.
  std::list<Item> Take(const Place& place) {
    std::list<Item> taken;
    taken.splice(taken.end(), place.line->items, place.item);
    --size_;
    if (place.line->items.empty()) {
      by_client_.erase(place.line->client);
      lines_.erase(place.line);
    }
    return taken;
  }

 private:
  Lines lines_;  // The first one has the turn; none is empty.
  absl::flat_hash_map<std::string, typename Lines::iterator> by_client_;
  size_t size_ = 0;
};

}  // namespace fairway::rpc
