#include "services/cli/transfer/batch_name.h"

#include <sys/stat.h>

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/batch_id.h"
#include "libs/price_files/testing/temp_folder.h"
#include "services/cli/shell/exit_code.h"

namespace fairway::cli {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::testing::Ne;
using ::testing::StartsWith;

TEST(BatchIdOfObjectTest, NeverChanges) {
  // printf '%s\n%s\n%s' prices 'incoming/acme/Q1 (final).csv.zst' 3sL4kqtJ | sha256sum
  EXPECT_EQ(BatchIdOfObject("prices", "incoming/acme/Q1 (final).csv.zst", "3sL4kqtJ"),
            "q1-final-5f940e69c6793856e5384dfa");
}

TEST(BatchIdOfObjectTest, DiffersByBucketKeyAndVersion) {
  const std::string id = BatchIdOfObject("prices", "a/b.csv", "1");
  EXPECT_NE(BatchIdOfObject("prices", "a/b.csv", "2"), id);
  EXPECT_NE(BatchIdOfObject("prices", "c/b.csv", "1"), id);
  EXPECT_NE(BatchIdOfObject("prices2", "a/b.csv", "1"), id);
}

TEST(BatchIdOfObjectTest, IsAlwaysValid) {
  for (const std::string& key :
       {std::string("x"), std::string("/"), std::string("a/"), std::string(".csv"),
        std::string("тариф.csv"), std::string("---"), std::string(1000, 'y'), std::string("a b+c"),
        std::string(37, 'z') + "-z"}) {
    const std::string id = BatchIdOfObject("prices", key, "v");
    FAIRWAY_EXPECT_OK(CheckBatchId(id)) << key;
    EXPECT_NE(id.front(), '-') << key;
  }
  EXPECT_THAT(BatchIdOfObject("prices", "in/тариф.csv", "v"), StartsWith("prices-"));
}

TEST(BatchIdOfFileTest, IsDerivedFromNameAndBytes) {
  const price_files::TempFolder folder;
  // printf 'one' | sha256sum
  EXPECT_THAT(BatchIdOfFile(folder.Write("Acme Q1_2026.csv", "one")),
              IsOkAndHolds("acme-q1-2026-7692c3ad3540bb803c020b3a"));
  // Similar names, and names without ASCII letters, give different ids.
  std::set<std::string> ids;
  for (const char* name :
       {"价格一月.csv", "价格二月.csv", "prices 2026.csv", "prices_2026.csv", "x.csv", ".csv"}) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const std::string id, BatchIdOfFile(folder.Write(name, name)));
    FAIRWAY_EXPECT_OK(CheckBatchId(id)) << name;
    EXPECT_TRUE(ids.insert(id).second) << name;
    EXPECT_THAT(BatchIdOfFile(folder.Path(name)), IsOkAndHolds(id)) << "again";
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const std::string before,
                               BatchIdOfFile(folder.Write("a.csv", "one")));
  EXPECT_THAT(BatchIdOfFile(folder.Write("a.csv", "two")), IsOkAndHolds(Ne(before)));
}

TEST(BatchIdOfFileTest, RefusesPipes) {
  const price_files::TempFolder folder;
  ASSERT_EQ(::mkfifo(folder.Path("pipe").c_str(), 0600), 0);
  for (const std::string& path : {std::string("-"), folder.Path("pipe")}) {
    EXPECT_EQ(ExitCodeOf(BatchIdOfFile(path).status()), ExitCode::kUsage) << path;
    EXPECT_FALSE(CanBeReadAgain(path));
  }
  EXPECT_EQ(ExitCodeOf(BatchIdOfFile(folder.Path("nothing")).status()), ExitCode::kFile);
}

TEST(BatchIdOfFileTest, RefusesADirectory) {
  const price_files::TempFolder folder;
  const absl::Status status = BatchIdOfFile(folder.path()).status();
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kFile);
  EXPECT_EQ(status.message(), folder.path() + ": it is a directory; a file is expected");
}

TEST(BatchIdOfDumpTest, IsDerivedFromTheDigest) {
  EXPECT_EQ(BatchIdOfDump("xxh3sum-0123456789abcdef0123456789abcdef"),
            "dump-0123456789abcdef01234567");
  EXPECT_NE(BatchIdOfDump("xxh3sum-1123456789abcdef0123456789abcdef"),
            BatchIdOfDump("xxh3sum-0123456789abcdef0123456789abcdef"));
}

TEST(BatchIdOfFileTest, ALongFileIsReadToItsEnd) {
  const price_files::TempFolder folder;
  const std::string text(3'000'000, 'x');
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const std::string id, BatchIdOfFile(folder.Write("a.csv", text)));
  EXPECT_THAT(BatchIdOfFile(folder.Write("a.csv", text + "y")), IsOkAndHolds(Ne(id)));
}

TEST(PartnerOfKeyTest, IsTheFolderBelowThePrefix) {
  EXPECT_THAT(PartnerOfKey("incoming/acme/2026/q1.csv", "incoming/"), IsOkAndHolds("acme"));
  EXPECT_THAT(PartnerOfKey("acme/q1.csv", ""), IsOkAndHolds("acme"));
  for (const char* key : {"q1.csv", "incoming/q1.csv", "other/acme/q1.csv", "incoming/Acme/q1.csv",
                          "incoming//q1.csv", "incoming", "in"}) {
    EXPECT_EQ(ExitCodeOf(PartnerOfKey(key, "incoming/").status()), ExitCode::kUsage) << key;
  }
}

}  // namespace
}  // namespace fairway::cli
