#!/usr/bin/env bash
# A Firefox for the tests of the site, on a machine of GitHub's that has none.
# Ubuntu's own is a snap, which sees no profile in /tmp: it is Mozilla's package here.
set -euo pipefail
if [ "$(uname)" = Darwin ]; then
  [ -d /Applications/Firefox.app ] || brew install --quiet --cask firefox
  exit
fi
if firefox=$(command -v firefox) && [[ $(readlink -f "$firefox") != *snap* ]]; then exit; fi
key=/etc/apt/keyrings/packages.mozilla.org.asc
sudo install -d -m 755 /etc/apt/keyrings
curl -fsSL https://packages.mozilla.org/apt/repo-signing-key.gpg | sudo tee "$key" > /dev/null
echo "deb [signed-by=$key] https://packages.mozilla.org/apt mozilla main" |
  sudo tee /etc/apt/sources.list.d/mozilla.list > /dev/null
printf 'Package: *\nPin: origin packages.mozilla.org\nPin-Priority: 1000\n' |
  sudo tee /etc/apt/preferences.d/mozilla > /dev/null
sudo apt-get update -qq
sudo apt-get install -y -qq --allow-downgrades firefox
