#include "libs/postgres/errors.h"

#include <pqxx/except>

#include <functional>
#include <new>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::StatusIs;

template <typename Exception>
absl::Status StatusOfThrown(const Exception& exception) {
  try {
    throw exception;
  } catch (...) {
    return StatusFromCurrentException();
  }
}

struct SqlStateCase {
  const char* sqlstate;
  absl::StatusCode code;
};

class SqlStateTest : public ::testing::TestWithParam<SqlStateCase> {};

TEST_P(SqlStateTest, DecidesTheCodeAndIsKept) {
  const absl::Status status = StatusFromSqlState(GetParam().sqlstate, "some words\n");
  EXPECT_THAT(status, StatusIs(GetParam().code, ::testing::Eq("some words")));
  EXPECT_EQ(SqlState(status), GetParam().sqlstate);
}

INSTANTIATE_TEST_SUITE_P(
    Classes, SqlStateTest,
    ::testing::Values(SqlStateCase{"08006", absl::StatusCode::kUnavailable},
                      SqlStateCase{"22003", absl::StatusCode::kInternal},
                      SqlStateCase{"23505", absl::StatusCode::kAlreadyExists},
                      SqlStateCase{"23514", absl::StatusCode::kFailedPrecondition},
                      SqlStateCase{"25006", absl::StatusCode::kUnavailable},
                      SqlStateCase{"3F000", absl::StatusCode::kUnavailable},
                      SqlStateCase{"42P01", absl::StatusCode::kUnavailable},
                      SqlStateCase{"25P02", absl::StatusCode::kInternal},
                      SqlStateCase{"25P03", absl::StatusCode::kUnavailable},
                      SqlStateCase{"40001", absl::StatusCode::kAborted},
                      SqlStateCase{"40P01", absl::StatusCode::kAborted},
                      SqlStateCase{"42703", absl::StatusCode::kInternal},
                      SqlStateCase{"53100", absl::StatusCode::kResourceExhausted},
                      SqlStateCase{"53300", absl::StatusCode::kUnavailable},
                      SqlStateCase{"55P03", absl::StatusCode::kAborted},
                      SqlStateCase{"57014", absl::StatusCode::kDeadlineExceeded},
                      SqlStateCase{"57P01", absl::StatusCode::kUnavailable},
                      SqlStateCase{"57P03", absl::StatusCode::kUnavailable}),
    [](const auto& param_info) { return std::string(param_info.param.sqlstate); });

TEST(PostgresErrorsTest, WithoutSqlStateIsInternal) {
  const absl::Status status = StatusFromSqlState("", "odd");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(SqlState(status), "");
  EXPECT_EQ(SqlState(absl::OkStatus()), "");
}

TEST(PostgresErrorsTest, RollbackKinIsNoSqlErrorAndStillHasItsSqlState) {
  EXPECT_EQ(SqlState(StatusOfThrown(pqxx::serialization_failure("x"))), "40001");
  EXPECT_EQ(SqlState(StatusOfThrown(pqxx::deadlock_detected("x"))), "40P01");
  EXPECT_EQ(SqlState(StatusOfThrown(pqxx::transaction_rollback("x"))), "40000");
}

TEST(PostgresErrorsTest, OnlySerializationFailuresAreWorthARetry) {
  EXPECT_TRUE(IsSerializationFailure(StatusOfThrown(pqxx::serialization_failure("x"))));
  EXPECT_TRUE(IsSerializationFailure(StatusOfThrown(pqxx::deadlock_detected("x"))));
  EXPECT_FALSE(IsSerializationFailure(StatusOfThrown(pqxx::transaction_rollback("x"))));
  EXPECT_FALSE(IsSerializationFailure(absl::AbortedError("not from PostgreSQL")));
  EXPECT_FALSE(IsSerializationFailure(absl::OkStatus()));
}

TEST(PostgresErrorsTest, UnknownOutcomeOfCommitIsMarked) {
  EXPECT_TRUE(IsCommitInDoubt(StatusOfThrown(pqxx::in_doubt_error("x"))));
  EXPECT_TRUE(IsCommitInDoubt(StatusOfThrown(pqxx::statement_completion_unknown("x"))));
  EXPECT_THAT(CommitInDoubt("x"), StatusIs(absl::StatusCode::kUnknown));
  EXPECT_FALSE(IsCommitInDoubt(absl::UnknownError("x")));
  EXPECT_FALSE(IsCommitInDoubt(StatusOfThrown(pqxx::broken_connection("x"))));
}

TEST(PostgresErrorsTest, AnUnknownOutcomeHasTheCodeOfItsCause) {
  const absl::Status status = CommitInDoubt(absl::CancelledError("the caller disconnected"));
  EXPECT_TRUE(IsCommitInDoubt(status));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_TRUE(IsConnectionLost(status));
}

TEST(PostgresErrorsTest, AMissingSchemaIsKnown) {
  EXPECT_TRUE(IsSchemaMissing(StatusFromSqlState("42P01", "no such table")));
  EXPECT_TRUE(IsSchemaMissing(StatusFromSqlState("3F000", "no such schema")));
  EXPECT_FALSE(IsSchemaMissing(StatusFromSqlState("42703", "no such column")));
  EXPECT_FALSE(IsSchemaMissing(absl::OkStatus()));
}

TEST(PostgresErrorsTest, AMissingRightHasItsSqlState) {
  EXPECT_TRUE(IsInsufficientPrivilege(StatusOfThrown(pqxx::insufficient_privilege("x"))));
  EXPECT_FALSE(IsInsufficientPrivilege(StatusOfThrown(pqxx::undefined_table("x"))));
  EXPECT_FALSE(IsInsufficientPrivilege(absl::OkStatus()));
}

TEST(PostgresErrorsTest, ConnectionFailuresAreUnavailableAndLost) {
  for (const absl::Status& status :
       {StatusOfThrown(pqxx::broken_connection("x")),
        StatusOfThrown(pqxx::too_many_connections("x")), StatusFromSqlState("57P01", "x")}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_TRUE(IsConnectionLost(status)) << status;
  }
  EXPECT_TRUE(IsConnectionLost(CommitInDoubt("x")));
  EXPECT_FALSE(IsConnectionLost(StatusFromSqlState("57014", "x")));
  EXPECT_FALSE(IsConnectionLost(StatusFromSqlState("42P01", "no such table")));
  EXPECT_FALSE(IsConnectionLost(absl::UnavailableError("some other service")));
}

TEST(PostgresErrorsTest, SqlErrorsGoByTheirSqlState) {
  EXPECT_THAT(StatusOfThrown(pqxx::unique_violation("dup", "INSERT", "23505")),
              StatusIs(absl::StatusCode::kAlreadyExists, ::testing::Eq("dup")));
  EXPECT_THAT(StatusOfThrown(pqxx::disk_full("full", "INSERT", "53100")),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST(PostgresErrorsTest, AValueOfAnotherKindIsNamed) {
  EXPECT_THAT(StatusOfThrown(pqxx::conversion_error("null to int")),
              StatusIs(absl::StatusCode::kInternal,
                       ::testing::Eq("a column has a value of another kind: null to int")));
}

TEST(PostgresErrorsTest, EverythingElseIsInternal) {
  EXPECT_THAT(StatusOfThrown(pqxx::usage_error("x")), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(StatusOfThrown(pqxx::conversion_error("x")), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(StatusOfThrown(pqxx::unexpected_rows("x")), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(StatusOfThrown(std::bad_alloc()), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(StatusOfThrown(42), StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace fairway::postgres
