#include "libs/base/sha256.h"

#include <openssl/evp.h>

#include "absl/strings/escaping.h"

#include "libs/base/check.h"

namespace fairway {

struct Sha256::Context {
  EVP_MD_CTX* const digest = EVP_MD_CTX_new();
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(digest); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  FAIRWAY_CHECK(EVP_DigestInit_ex(context_->digest, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::Add(absl::string_view text) {
  FAIRWAY_CHECK(EVP_DigestUpdate(context_->digest, text.data(), text.size()) == 1);
}

std::string Sha256::Finish() {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  FAIRWAY_CHECK(EVP_DigestFinal_ex(context_->digest,
                                   reinterpret_cast<unsigned char*>(digest.data()), &size) == 1);
  return absl::BytesToHexString(absl::string_view(digest).substr(0, size));
}

std::string Sha256Of(absl::string_view text) {
  Sha256 sha;
  sha.Add(text);
  return sha.Finish();
}

}  // namespace fairway
