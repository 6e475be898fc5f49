#include "libs/price_files/location_file.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/testing/temp_folder.h"

namespace fairway::price_files {
namespace {

using ::testing::HasSubstr;

TEST(LocationFileTest, ReadsRegionsAndPorts) {
  const TempFolder folder;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const LocationFile file,
      ReadLocationFile(folder.Write(
          "l", "kind,code,name,parent\nregion,asia,Asia,\n\nport,CNSHA,\"Sh, ai\",asia\n")));
  EXPECT_EQ(file.regions[0].code, "asia");
  EXPECT_EQ(file.ports[0].name, "Sh, ai");
  EXPECT_THAT(
      ReadLocationFile(folder.Write("m", "kind,code,name,parent\nship,X,X,\n")).status().message(),
      HasSubstr("m:2"));
  EXPECT_EQ(ReasonOf(ReadLocationFile(folder.Write("n", "code,name\n")).status()), kContentReason);
  const auto error_of = [&](const std::string& rows) {
    const std::string path = folder.Write("o", "kind;code;name;parent\nregion;asia;Asia;\n" + rows);
    return std::string(ReadLocationFile(path).status().message());
  };
  EXPECT_THAT(error_of("port;DEHAM;K\xf6ln;asia\n"),
              HasSubstr("o:3: the name \"K\\xf6ln\" is not UTF-8"));
  EXPECT_THAT(error_of("port;DEHAM;Hamburg\n"), HasSubstr("o:3: it has fewer fields"));
  EXPECT_THAT(error_of("port;DEHAM;Ham;burg;asia\n"), HasSubstr("o:3: it has more fields"));
  EXPECT_THAT(ReadLocationFile(folder.Write("x.csv", "PK\x03\x04")).status().message(),
              HasSubstr("zip archive"));
}

}  // namespace
}  // namespace fairway::price_files
