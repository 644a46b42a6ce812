"""Words by topic, as a visitor would sort them: the opening map."""

TOPICS: dict[str, str] = {
    "animals": """
        cat dog horse cow sheep pig lion tiger elephant monkey rabbit mouse bear wolf fox bird eagle
        fish shark snake""",
    "countries": """
        germany france italy spain poland sweden norway russia china japan india brazil mexico
        canada egypt kenya turkey greece ireland australia""",
    "food": """
        bread butter cheese milk rice soup meat chicken beef potato tomato apple orange banana sugar
        salt coffee tea wine beer""",
    "body": """
        head eye ear nose mouth tooth neck shoulder arm hand finger chest heart stomach leg knee
        foot skin blood bone""",
    "family": """
        mother father sister brother son daughter wife husband uncle aunt cousin nephew niece
        grandmother grandfather parent child baby bride widow""",
    "numbers": """
        one two three four five six seven eight nine ten eleven twelve twenty thirty fifty hundred
        thousand million billion dozen""",
    "professions": """
        doctor nurse lawyer judge teacher engineer farmer soldier actor writer painter singer chef
        pilot banker priest scientist journalist architect plumber""",
    "music": """
        guitar piano violin drum flute trumpet opera jazz rock song album band concert orchestra
        melody rhythm choir bass symphony ballad""",
    "sport": """
        football tennis basketball baseball hockey golf boxing swimming rugby cricket coach team
        player goal match championship league stadium athlete medal""",
    "vehicles": """
        car bus truck train tram bicycle motorcycle ship boat ferry plane helicopter taxi van
        tractor submarine rocket wagon ambulance jeep""",
    "feelings": """
        love hate joy anger fear hope shame pride grief envy happiness sadness surprise disgust
        guilt regret jealousy sorrow delight passion""",
    "science": """
        atom molecule electron energy gravity cell gene protein theory experiment physics chemistry
        biology mathematics laboratory telescope microscope planet galaxy equation""",
}
