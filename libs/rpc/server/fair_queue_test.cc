#include "libs/rpc/server/fair_queue.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::rpc {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> TakeAll(FairQueue<std::string>& queue) {
  std::vector<std::string> taken;
  while (!queue.empty()) taken.push_back(queue.TakeNext().front());
  return taken;
}

TEST(FairQueueTest, ClientsTakeTurnsAndKeepTheirOwnOrder) {
  FairQueue<std::string> queue;
  for (const char* item : {"a1", "a2", "a3", "a4"}) queue.Push("a", item);
  for (const char* item : {"b1", "b2"}) queue.Push("b", item);
  queue.Push("c", "c1");
  EXPECT_EQ(queue.size(), 7);
  EXPECT_THAT(TakeAll(queue), ElementsAre("a1", "b1", "c1", "a2", "b2", "a3", "a4"));
}

TEST(FairQueueTest, AClientThatComesAgainComesLast) {
  FairQueue<std::string> queue;
  for (const char* item : {"a1", "a2"}) queue.Push("a", item);
  queue.Push("b", "b1");
  EXPECT_EQ(queue.TakeNext().front(), "a1");
  queue.Push("c", "c1");
  queue.Push("b", "b2");
  EXPECT_THAT(TakeAll(queue), ElementsAre("b1", "a2", "c1", "b2"));
}

TEST(FairQueueTest, WhatIsTakenFromTheMiddleLeavesTheTurnsAsTheyAre) {
  FairQueue<std::string> queue;
  queue.Push("a", "a1");
  const auto second = queue.Push("a", "a2");
  const auto only = queue.Push("b", "b1");
  queue.Push("c", "c1");
  EXPECT_EQ(queue.Take(second).front(), "a2");
  EXPECT_EQ(queue.Take(only).front(), "b1");
  EXPECT_EQ(queue.size(), 2);
  queue.Push("b", "b2");
  EXPECT_THAT(TakeAll(queue), ElementsAre("a1", "c1", "b2"));
}

}  // namespace
}  // namespace fairway::rpc
