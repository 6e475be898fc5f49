#include "libs/price_files/location_file.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/testing/temp_folder.h"

namespace fairway::price_files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kHeading = "kind,code,name,parent\n";

TEST(LocationFileTest, ReadsRegionsAndPorts) {
  const TempFolder folder;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const LocationFile file,
      ReadLocationFile(folder.Write(
          "l", "kind,code,name,parent\nregion,asia,Asia,\n\nport,CNSHA,\"Sh, ai\",asia\n")));
  EXPECT_EQ(file.regions[0].code, "asia");
  EXPECT_EQ(file.ports[0].name, "Sh, ai");
  EXPECT_EQ(file.regions[0].line, 2);
  EXPECT_EQ(file.ports[0].line, 4);
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

// "2: what" for each error of a file with these rows.
std::vector<std::string> ErrorsOf(const std::string& rows) {
  const TempFolder folder;
  const std::string path = folder.Write("l.csv", kHeading + rows);
  const absl::Status status = ReadLocationFile(path).status();
  EXPECT_EQ(ReasonOf(status), kRowsReason) << status;
  const size_t prefix = path.size() + 1;
  std::vector<std::string> errors;
  for (const FieldViolation& violation : DetailsOf(status).field_violations) {
    errors.push_back(violation.field.substr(prefix) + ": " + violation.description);
  }
  if (errors.empty()) errors.push_back(std::string(status.message()).substr(prefix));
  return errors;
}

TEST(LocationFileTest, EveryBadRowIsNamedByItsLine) {
  EXPECT_THAT(ErrorsOf("shp,X,X,\nregion,asia,Asia,\nport,abcde,A port,asia\nregion,Asia,,\n"),
              ElementsAre(HasSubstr("2: the kind must be region or port, not \"shp\""),
                          HasSubstr("4: \"abcde\": a port code is 5 upper-case"),
                          HasSubstr("5: \"Asia\": a region slug is"),
                          HasSubstr("5: the name of \"Asia\" is empty")));
  EXPECT_THAT(ErrorsOf("port,CNSHA,Shanghai,\n"),
              ElementsAre("2: \"CNSHA\": the parent is empty; a port lies in a region"));
  EXPECT_THAT(ErrorsOf("region,asia,Asia,\n\nregion,asia,Asia,\n"),
              ElementsAre("4: the region asia is given twice, first in line 2"));
  EXPECT_THAT(ErrorsOf("region," + std::string(64, 'a') + ",Asia,\n"),
              ElementsAre(HasSubstr("it has 64 bytes; a region slug has at most 63")));
}

TEST(LocationFileTest, AFileWithoutRowsIsNoLocationFile) {
  const TempFolder folder;
  EXPECT_EQ(ReasonOf(ReadLocationFile(folder.Write("l", kHeading)).status()), kContentReason);
}

}  // namespace
}  // namespace fairway::price_files
