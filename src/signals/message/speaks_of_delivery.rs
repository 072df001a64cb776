//! It speaks of a parcel that could not be delivered.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "your package",
    "your parcel",
    "package could not be",
    "parcel could not be",
    "package is waiting",
    "parcel is waiting",
    "package has arrived",
    "parcel has arrived",
    "delivery failed",
    "delivery attempt",
    "failed delivery",
    "missed delivery",
    "unable to deliver",
    "could not deliver",
    "could not be delivered",
    "undelivered package",
    "undelivered parcel",
    "delivery address",
    "delivery fee",
    "delivery charge",
    "shipping fee",
    "shipping charge",
    "shipping label",
    "shipping notification",
    "shipment notification",
    "your shipment",
    "your consignment",
    "shipment arrived",
    "tracking number",
    "track your",
    "tracking code",
    "tracking id",
    "reschedule* delivery",
    "reschedule your",
    "schedule your delivery",
    "customs fee",
    "customs duty",
    "customs clearance",
    "import duty",
    "awaiting delivery",
    "pending delivery",
    "held at",
    "waiting for delivery",
    "delivery notification",
    "delivery notice",
    "courier",
    "post office",
    "waybill",
    "air waybill",
    "awb",
    "ihr paket",
    "ihre sendung",
    "paket konnte nicht",
    "sendungsnummer",
    "sendungsverfolgung",
    "zustellung",
    "zollgebühr*",
    "nicht zugestellt",
    "votre colis",
    "colis en attente",
    "frais de livraison",
    "livraison",
    "numéro de suivi",
    "su paquete",
    "paquete está",
    "entrega fallida",
    "gastos de envío",
    "número de seguimiento",
    "su envío",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it speaks of a parcel that could not be delivered",
    "For phishing in the name of carriers and for malware. Number of distinct phrases.",
    PHRASES,
)
.of(Category::CredentialPhishing)
.prior(0.75);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_waiting_parcel_is_seen() {
        check(
            module_path!(),
            mail().text("Your parcel could not be delivered. Pay the delivery fee with your tracking number."),
            Some(5.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
