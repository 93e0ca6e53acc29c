"""What the trained model is asked about a text: one probability for each head, in this order.

The first is asked whether there is any harm at all; what the others say is weighed with it. Several
heads can speak for one label: of crisis there are three, from "low and worn out" upwards (amber,
red and crisis of the ReachOut levels), of sourcing and personal_information two.
"""

HARM = "harm"
HEADS = (
    HARM,
    "toxicity",
    "obscene",
    "insult",
    "harassment",
    "identity_attack",
    "threat",
    "sexual",
    "crisis_amber",
    "crisis_red",
    "crisis_now",
    "overdose",
    "withdrawal_danger",
    "sourcing",
    "sourcing_offer",
    "use_instructions",
    "triggering_detail",
    "misinformation",
    "treatment_stigma",
    "advice",
    "patient_brokering",
    "spam",
    "personal_information",
    "others_information",
    "predatory_contact",
    "proselytising",
    "disruption",
    "relapse",
)
