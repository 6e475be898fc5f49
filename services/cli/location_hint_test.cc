#include "services/cli/location_hint.h"

#include <string>

#include "gtest/gtest.h"

#include "libs/domain/errors.h"
#include "services/cli/shell/exit_code.h"

namespace fairway::cli {
namespace {

std::string Hinted(const std::string& location) {
  return std::string(WithLocationHint(LocationNotFoundError(location)).message());
}

TEST(WithLocationHintTest, PortCodesAreUpperCase) {
  EXPECT_EQ(Hinted("cnsha"),
            "no port or region \"cnsha\" is known; port codes are upper case: CNSHA; see fairway "
            "locations list");
  for (const char* location : {"CNSHX", "12345", "europe", "asia"}) {
    EXPECT_EQ(Hinted(location), "no port or region \"" + std::string(location) +
                                    "\" is known; see fairway locations list");
  }
}

TEST(WithLocationHintTest, ErrorsKeepTheirKind) {
  EXPECT_EQ(ExitCodeOf(WithLocationHint(LocationNotFoundError("x"))), ExitCode::kRefused);
  EXPECT_EQ(WithLocationHint(DrainingError()), DrainingError());
}

}  // namespace
}  // namespace fairway::cli
