#include "libs/base/sha256.h"

#include <string>

#include "gtest/gtest.h"

namespace fairway {
namespace {

// The examples of FIPS 180.
TEST(Sha256Test, IsThatOfTheStandard) {
  EXPECT_EQ(Sha256Of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, TakesTextInPieces) {
  const std::string text(1'000, 'a');
  Sha256 sha;
  sha.Add(text.substr(0, 1));
  sha.Add("");
  sha.Add(text.substr(1));
  EXPECT_EQ(sha.Finish(), Sha256Of(text));
}

}  // namespace
}  // namespace fairway
