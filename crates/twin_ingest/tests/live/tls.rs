//! TLS with certificates made for the test.

use crate::broker::{Broker, quick};
use crate::live::{Live, publisher};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use twin_ingest::MqttOptions;

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("these tests need the openssl program ({error}): install the package openssl"));
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

fn authority(folder: &Path, name: &str) {
    openssl(
        folder,
        &format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout {name}.key -out {name}.pem -days 2 -subj /CN={name}"
        ),
    );
}

fn issue(folder: &Path, name: &str, extensions: &str) {
    std::fs::write(folder.join(format!("{name}.ext")), extensions).unwrap();
    openssl(
        folder,
        &format!("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"),
    );
    openssl(
        folder,
        &format!("x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -extfile {name}.ext -out {name}.pem"),
    );
}

fn certificates() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    authority(folder.path(), "ca");
    authority(folder.path(), "stranger");
    issue(folder.path(), "server", "subjectAltName=DNS:localhost\n");
    issue(folder.path(), "client", "extendedKeyUsage=clientAuth\n");
    folder
}

fn copy_to(from: &TempDir) -> impl FnOnce(&Path) {
    move |folder| {
        for file in ["ca.pem", "server.pem", "server.key"] {
            std::fs::copy(from.path().join(file), folder.join(file)).unwrap();
        }
    }
}

const TLS: &str = "allow_anonymous true\ncafile {folder}/ca.pem\ncertfile {folder}/server.pem\nkeyfile {folder}/server.key\n";

fn options(broker: &Broker, host: &str, certificates: &TempDir, ca: &str) -> MqttOptions {
    let mut options = quick(MqttOptions::new(&format!("mqtts://{host}:{}", broker.port)).unwrap());
    options.ca_file = Some(certificates.path().join(ca));
    options
}

#[test]
fn an_encrypted_broker_is_trusted_by_its_authority_only() {
    let certificates = certificates();
    let broker = Broker::with_config(TLS, copy_to(&certificates));
    let right = options(&broker, "localhost", &certificates, "ca.pem");
    Live::start(right.clone()).wait_connected();
    publisher(right).close();
    Live::start(options(&broker, "localhost", &certificates, "stranger.pem")).wait_down("not trusted");
    Live::start(options(&broker, "127.0.0.1", &certificates, "ca.pem")).wait_down("another host name");
    Live::start(options(&broker, "localhost", &certificates, "missing.pem")).wait_down("missing.pem");
    Live::start(broker.options()).wait_down("closed the connection");
    let plain = Broker::start();
    Live::start(options(&plain, "localhost", &certificates, "ca.pem")).wait_down("127.0.0.1".replace("127.0.0.1", "localhost").as_str());
}

#[test]
fn a_client_certificate_opens_a_broker_that_asks_for_one() {
    let certificates = certificates();
    let broker = Broker::with_config(&format!("{TLS}require_certificate true\n"), copy_to(&certificates));
    let without = options(&broker, "localhost", &certificates, "ca.pem");
    let mut with = without.clone();
    with.client_cert = Some(certificates.path().join("client.pem"));
    Live::start(with.clone()).wait_down("belong together");
    with.client_key = Some(certificates.path().join("client.key"));
    Live::start(with).wait_connected();
    Live::start(without).wait_down("client certificate");
}
