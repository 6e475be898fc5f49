#include "services/cli/transfer/object_source.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/http/testing/canned_server.h"
#include "services/cli/shell/exit_code.h"
#include "services/cli/transfer/batch_name.h"

namespace fairway::cli {
namespace {

using ::testing::ElementsAre;

TEST(ObjectErrorTest, KeepsRetryableErrors) {
  EXPECT_TRUE(IsRetryable(ObjectError(absl::UnavailableError("S3 is away"))));
  EXPECT_EQ(ExitCodeOf(ObjectError(absl::UnavailableError("S3 is away"))), ExitCode::kUnavailable);
  EXPECT_FALSE(IsRetryable(ObjectError(absl::NotFoundError("no such object"))));
  EXPECT_EQ(ExitCodeOf(ObjectError(absl::NotFoundError("no such object"))), ExitCode::kFile);
}

// The answer of S3 to HEAD.
std::string Head(absl::string_view etag, int64_t size = 5, absl::string_view more = "") {
  return absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", size, "\r\nETag: \"", etag, "\"\r\n",
                      more, "Connection: close\r\n\r\n");
}
std::string Done(absl::string_view status = "200 OK") {
  return absl::StrCat("HTTP/1.1 ", status, "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

// s3://prices/in/a.csv, in a store whose answers are given.
class ObjectSourceTest : public ::testing::Test {
 protected:
  void Use(std::vector<std::string> answers) {
    object_.reset();
    store_ = std::make_unique<http::CannedServer>(std::move(answers));
    object_ = Create("in/a.csv", "quarantine/").value();
  }
  absl::StatusOr<std::unique_ptr<ObjectSource>> Create(const std::string& key,
                                                       const std::string& quarantine) {
    const std::string url = store_ == nullptr ? "http://127.0.0.1:1" : store_->url();
    return ObjectSource::Create({.bucket = "prices", .key = key}, quarantine,
                                [url](const std::string& name) -> std::string {
                                  if (name == "AWS_ENDPOINT_URL") return url;
                                  const bool is_key = absl::StartsWith(name, "AWS_") &&
                                                      absl::StrContains(name, "_KEY");
                                  return is_key ? "x" : "";
                                });
  }
  // What was asked for, and from where a copy was to be made.
  std::vector<std::string> Requests() const {
    std::vector<std::string> lines;
    for (const std::string& request : store_->requests()) {
      lines.push_back(request.substr(0, request.find(" HTTP")));
      const std::string copy = "x-amz-copy-source: ";
      const size_t found = request.find(copy);
      if (found == std::string::npos) continue;
      const size_t begin = found + copy.size();
      absl::StrAppend(&lines.back(), " < ",
                      request.substr(begin, request.find('\r', begin) - begin));
    }
    return lines;
  }

  std::unique_ptr<http::CannedServer> store_;
  std::unique_ptr<ObjectSource> object_;
};

TEST_F(ObjectSourceTest, ABadObjectIsCopiedWithItsReport) {
  Use({Head("e1"), Head("e1"), Done(), Done()});
  FAIRWAY_ASSERT_OK(object_->BatchId());
  FAIRWAY_EXPECT_OK(object_->SetAside("report"));
  EXPECT_THAT(Requests(), ElementsAre("HEAD /prices/in/a.csv", "HEAD /prices/in/a.csv",
                                      "PUT /prices/quarantine/in/a.csv < /prices/in/a.csv",
                                      "PUT /prices/quarantine/in/a.csv.errors.csv"));
}

TEST_F(ObjectSourceTest, AnObjectThatWasReplacedMeanwhileIsNotCopied) {
  Use({Head("e1"), Head("e2"), Done()});
  FAIRWAY_ASSERT_OK(object_->BatchId());
  EXPECT_EQ(ReasonOf(object_->SetAside("report")), kObjectReason);
  EXPECT_THAT(Requests(), ElementsAre("HEAD /prices/in/a.csv", "HEAD /prices/in/a.csv",
                                      "PUT /prices/quarantine/in/a.csv.errors.csv"))
      << "its report is written";
}

TEST_F(ObjectSourceTest, AVersionStaysWhatItIs) {
  Use({Head("e1", 5, "x-amz-version-id: v7\r\n"), Done(), Done()});
  const std::string id = BatchIdOfObject("prices", "in/a.csv", "v7");
  EXPECT_EQ(object_->BatchId().value(), id);
  EXPECT_EQ(object_->BatchId().value(), id) << "it is not asked for again";
  FAIRWAY_EXPECT_OK(object_->SetAside("report"));
  EXPECT_THAT(Requests(),
              ElementsAre("HEAD /prices/in/a.csv",
                          "PUT /prices/quarantine/in/a.csv < /prices/in/a.csv?versionId=v7",
                          "PUT /prices/quarantine/in/a.csv.errors.csv"));
}

TEST_F(ObjectSourceTest, WithoutAVersionTheETagIdentifiesIt) {
  Use({Head("e1", 5, "x-amz-version-id: null\r\n")});
  EXPECT_EQ(object_->BatchId().value(), BatchIdOfObject("prices", "in/a.csv", "e1"));
}

TEST_F(ObjectSourceTest, ObjectsBeyondFiveGibibytesAreNotCopied) {
  constexpr int64_t kMost = int64_t{5} << 30;
  Use({Head("e1", kMost + 1), Done()});
  EXPECT_EQ(ReasonOf(object_->SetAside("report")), kObjectReason);
  EXPECT_THAT(Requests(),
              ElementsAre("HEAD /prices/in/a.csv", "PUT /prices/quarantine/in/a.csv.errors.csv"));
  Use({Head("e1", kMost), Head("e1", kMost), Done(), Done()});
  FAIRWAY_EXPECT_OK(object_->SetAside("report"));
}

TEST_F(ObjectSourceTest, AReportThatCannotBeWrittenIsAnError) {
  Use({Head("e1"), Head("e1"), Done(), Done("403 Forbidden")});
  EXPECT_EQ(ReasonOf(object_->SetAside("report")), kObjectReason);
}

TEST_F(ObjectSourceTest, WhatIsInQuarantineIsNotLoaded) {
  EXPECT_EQ(ExitCodeOf(Create("quarantine/in/a.csv", "quarantine/").status()), ExitCode::kUsage);
  FAIRWAY_EXPECT_OK(Create("in/a.csv", "quarantine/"));
  FAIRWAY_EXPECT_OK(Create("quarantine/in/a.csv", ""));
}

}  // namespace
}  // namespace fairway::cli
